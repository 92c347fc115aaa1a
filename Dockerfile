# Comanda in a container. The build is the one everybody uses, `cargo xtask build --release`.

FROM rust:1.95.0-bookworm AS build
# Node.js 20 or newer, with npm, for the page's packages: Debian's own is too old.
COPY --from=node:20-bookworm-slim /usr/local/bin/node /usr/local/bin/node
COPY --from=node:20-bookworm-slim /usr/local/lib/node_modules /usr/local/lib/node_modules
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
WORKDIR /comanda
COPY . .
# With the image's own toolchain, which is the version that rust-toolchain.toml asks for. The mounts keep what
# was downloaded and compiled from one build to the next; the program is copied out of them, as small as packages have it.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/comanda/target \
    RUSTUP_TOOLCHAIN=$RUST_VERSION cargo xtask build --release && strip --strip-debug -o /usr/local/bin/comanda target/release/comanda

FROM debian:bookworm-slim
# Certificates, for databases that are reached over TLS; curl, for the health check.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates curl \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin comanda \
    && install --directory --owner=comanda --group=comanda --mode=0700 /data
COPY --from=build /usr/local/bin/comanda /usr/local/bin/comanda
USER comanda
ENV COMANDA_HOST=0.0.0.0 COMANDA_PORT=3000 COMANDA_DATA=/data COMANDA_LOG_FORMAT=json
# What a server without a database keeps; with one, nothing that matters.
VOLUME /data
EXPOSE 3000
# Whether it lives. Whether it can serve (/readyz) is the balancer's question: a restart helps no database.
HEALTHCHECK --interval=5s --timeout=3s --start-period=20s --retries=3 \
    CMD ["curl", "--fail", "--silent", "--output", "/dev/null", "http://127.0.0.1:3000/healthz"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["comanda"]
CMD ["serve"]
