/**
 * Signatures of what sources bring: OpenPGP and SSH signatures over content, checked against public
 * keys that came with the request. Nothing of it knows where the content is from.
 */
@org.jspecify.annotations.NullMarked
package dev.kiln.daemon.source.signature;
