package dev.kiln.daemon.source.signature;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.bcpg.ArmoredInputStream;

/**
 * A block of OpenPGP's text form (RFC 9580, section 6).
 *
 * @param type what stands behind {@code BEGIN}
 * @param packets what is inside
 */
@SuppressWarnings("ArrayRecordComponent") // read-only hand-over; never compared
record PgpArmor(String type, byte[] packets) {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN (PGP [A-Z ]+)-----.*?-----END \\1-----", Pattern.DOTALL);

  /**
   * All blocks of a text, in their order; what stands between them is skipped.
   *
   * @throws IOException if a block is malformed
   */
  static List<PgpArmor> blocks(byte[] text) throws IOException {
    List<PgpArmor> blocks = new ArrayList<>();
    Matcher block = BLOCK.matcher(new String(text, StandardCharsets.ISO_8859_1));
    while (block.find()) {
      byte[] armored = (block.group() + "\n").getBytes(StandardCharsets.ISO_8859_1);
      try (ArmoredInputStream in = new ArmoredInputStream(new ByteArrayInputStream(armored))) {
        blocks.add(new PgpArmor(block.group(1), in.readAllBytes()));
      } catch (RuntimeException e) {
        throw new IOException("malformed block: " + e.getMessage(), e);
      }
    }
    return blocks;
  }
}
