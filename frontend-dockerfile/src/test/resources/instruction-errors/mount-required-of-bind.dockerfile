FROM a
RUN --mount=type=bind,required y
