# syntax=docker/dockerfile:1
FROM rust:1.95-slim-bookworm AS build
WORKDIR /source
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/source/target \
    cargo build --release --locked --package switchboard \
    && install -D --strip target/release/switchboard /image/usr/local/bin/switchboard \
    && install -d /image/data

# Only the C library, its companions and the certificates: no shell, no package manager.
FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build --chown=nonroot:nonroot /image/data /data
COPY --from=build /image/usr /usr
ENV SWITCHBOARD_LISTEN=0.0.0.0:4000 \
    SWITCHBOARD_DATABASE_URL=sqlite:///data/switchboard.db
WORKDIR /data
VOLUME /data
EXPOSE 4000
ENTRYPOINT ["/usr/local/bin/switchboard"]
