package dev.kiln.daemon.source.signature;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Writes the values of SSH's binary formats (RFC 4251, section 5). For one thread. */
final class SshWriter {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  SshWriter raw(byte[] value) {
    bytes.writeBytes(value);
    return this;
  }

  SshWriter string(byte[] value) {
    bytes.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(value.length).array());
    return raw(value);
  }

  SshWriter text(String value) {
    return string(value.getBytes(StandardCharsets.UTF_8));
  }

  byte[] bytes() {
    return bytes.toByteArray();
  }
}
