package dev.kiln.solver.llb;

import com.google.protobuf.ByteString;
import java.util.Comparator;

/** Order of texts by their UTF-8 bytes, which is Go's. */
final class Utf8Order {
  static final Comparator<String> BYTES =
      Comparator.comparing(
          ByteString::copyFromUtf8, ByteString.unsignedLexicographicalComparator());

  private Utf8Order() {}
}
