"""Applications behind HTTP, over `nertagger.runtime` alone (never Keras or TensorFlow).

The modules here know nothing of tagging, and any application of this package can use them: who is answered
(`security`), how large and slow a request may be (`limits`, `protocol`), errors as answers (`problems`), the files of a
page (`static`), and the process itself (`running`). The service of taggers is in `nertagger.serving.api`.
"""
