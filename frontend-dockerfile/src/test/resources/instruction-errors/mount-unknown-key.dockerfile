FROM a
RUN --mount=type=bind,tagret=/a y
