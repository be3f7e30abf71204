FROM a
RUN --mount=type=cache,uid=-1 y
