FROM a
RUN --mount=type=bind,sharing=shared y
