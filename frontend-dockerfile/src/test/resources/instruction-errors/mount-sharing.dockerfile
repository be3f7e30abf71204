FROM a
RUN --mount=type=cache,sharing=lokced y
