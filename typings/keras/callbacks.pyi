from keras import Model

class Callback:
    model: Model
    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = ...) -> None: ...
