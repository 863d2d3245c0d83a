# Two stages: the first builds the index with torch; the second serves it and has neither torch nor a compiler.
# deploy-docker.md in docs/ says how to use it. The base has the Python that this is tested with (3.11).
FROM debian:bookworm-slim AS build
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates python3 python3-venv \
    && rm -rf /var/lib/apt/lists/*
# Where pip finds torch without CUDA; without it pip takes the big one. PyTorch's "Get started" page names the address.
ARG TORCH_INDEX=
WORKDIR /srv/answers
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY deploy deploy
COPY assistant assistant
COPY corpus corpus
RUN python3 -m venv /opt/build \
    && /opt/build/bin/python -m pip install --no-cache-dir -c constraints.txt ${TORCH_INDEX:+--extra-index-url "$TORCH_INDEX"} . \
    && python3 -m venv /opt/answers \
    && /opt/answers/bin/python -m pip install --no-cache-dir -c constraints.txt -r deploy/serving.txt
RUN HF_HUB_OFFLINE=1 /opt/build/bin/python -m assistant build

FROM debian:bookworm-slim
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates python3 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 1000 --create-home answers
WORKDIR /srv/answers
COPY --from=build /opt/answers /opt/answers
COPY --from=build /srv/answers/index index
COPY app.py ./
COPY deploy/healthcheck.py deploy/healthcheck.py
COPY assistant assistant
COPY corpus corpus
ENV GRADIO_SERVER_NAME=0.0.0.0 GRADIO_SERVER_PORT=7860 HF_HUB_OFFLINE=1 PYTHONDONTWRITEBYTECODE=1
USER 1000
EXPOSE 7860
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["/opt/answers/bin/python", "deploy/healthcheck.py"]
CMD ["/opt/answers/bin/python", "app.py"]
