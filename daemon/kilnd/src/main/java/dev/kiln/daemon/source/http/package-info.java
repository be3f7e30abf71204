/** Sources {@code http://} and {@code https://}: one downloaded file. */
@org.jspecify.annotations.NullMarked
package dev.kiln.daemon.source.http;
