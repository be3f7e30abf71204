FROM a
RUN --mount=type=tmpfs,gid=1 y
