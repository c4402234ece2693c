# The HTTP service, without TensorFlow. Build and run:
#   docker build --tag nertagger .
#   docker run --read-only --tmpfs /tmp --volume ./models:/models:ro --publish 127.0.0.1:8000:8000 \
#     --env NERTAGGER_TOKEN nertagger /models/model.ner
FROM python:3.12-slim AS build
WORKDIR /build
COPY setup.cfg pyproject.toml README.md LICENSE ./
COPY nertagger nertagger
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir '.[serve]'

FROM python:3.12-slim
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin nertagger
COPY --from=build /venv /venv
ENV PATH=/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
USER 10001
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/ready', timeout=4)"]
ENTRYPOINT ["nertagger", "serve", "--host", "0.0.0.0"]
CMD ["english"]
