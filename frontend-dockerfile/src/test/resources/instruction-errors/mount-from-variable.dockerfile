FROM a
RUN --mount=from=$x,target=/a y
