FROM a
RUN --mount=type=bind,foo y
