FROM oven/bun:1.4.5 AS build
WORKDIR /build
# A separate layer, which is cached until the dependencies change.
COPY package.json bun.lock bunfig.toml ./
COPY patches patches
RUN bun install --frozen-lockfile --production --omit=peer
COPY core core
COPY adapters adapters
COPY app app
COPY client client
COPY playground playground
RUN bun run build
# The executable contains migrations and documentation. It only needs the C library and its loader, whose
# paths depend on the architecture, and nsswitch.conf to make name resolution read /etc/hosts. The licenses of
# all that are beside it.
RUN mkdir -p /image/etc /volume/data \
    && cp dist/taskport /image/taskport \
    && ldd dist/taskport | grep -o '/[^ ]*' | xargs cp --dereference --parents --target-directory=/image \
    && cp --parents /usr/share/doc/libc6/copyright /image \
    && dist/taskport licenses > /image/LICENSES.txt \
    && echo 'taskport:x:65532:65532:taskport:/data:/taskport' > /image/etc/passwd \
    && echo 'taskport:x:65532:' > /image/etc/group \
    && echo 'hosts: files dns' > /image/etc/nsswitch.conf

# No shell, no package manager, and no base image to keep up to date. Bun includes the certificates of
# public authorities.
FROM scratch
ARG VERSION=0.1.0
LABEL org.opencontainers.image.title="taskport" \
      org.opencontainers.image.description="A self-hosted, multi-user tasks API" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.source="https://github.com/taskport/taskport" \
      org.opencontainers.image.version="${VERSION}"
COPY --from=build /image /
COPY --from=build --chown=65532:65532 /volume /
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=8000 \
    DATABASE_URL=sqlite:/data/tasks.db
USER 65532:65532
# The only path that is written. The rest of the file system can be read-only.
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s CMD ["/taskport", "health"]
ENTRYPOINT ["/taskport"]
CMD ["serve"]
