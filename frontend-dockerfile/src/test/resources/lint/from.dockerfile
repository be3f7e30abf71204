FROM alpine AS Upper
FROM alpine as lower
from alpine AS other
FROM alpine AS other
FROM alpine AS scratch
FROM alpine AS context
