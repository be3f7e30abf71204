/**
 * HTTP/2 connections inside other byte streams: inside the Session call, and over a process's
 * stdio.
 */
@NullMarked
package dev.kiln.wire.tunnel;

import org.jspecify.annotations.NullMarked;
