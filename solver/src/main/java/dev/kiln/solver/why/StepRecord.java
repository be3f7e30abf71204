package dev.kiln.solver.why;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What a step that ran was made of.
 *
 * @param name what it was called
 * @param at when it ended, in milliseconds
 */
record StepRecord(String name, Instant at, List<Fact> facts) {
  /** Written first; records of other versions are not read. */
  private static final int VERSION = 1;

  StepRecord {
    name = Fact.cut(name);
    facts = List.copyOf(facts);
  }

  /**
   * The stored form, big endian: a byte with the version, the name, milliseconds since 1970, the
   * number of facts and of each its kind's name, name, value and shown value. Texts are in modified
   * UTF-8 after two bytes of length.
   */
  byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      out.writeUTF(name);
      out.writeLong(at.toEpochMilli());
      out.writeInt(facts.size());
      for (Fact fact : facts) {
        out.writeUTF(fact.kind().name());
        out.writeUTF(fact.name());
        out.writeUTF(fact.value());
        out.writeBoolean(fact.shown().equals(fact.value()));
        if (!fact.shown().equals(fact.value())) {
          out.writeUTF(fact.shown());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * Reads the stored form.
   *
   * @throws IOException if it is damaged or of another version
   */
  static StepRecord fromBytes(byte[] bytes) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
    int version = in.readUnsignedByte();
    if (version != VERSION) {
      throw new IOException("a step's record has the unknown version " + version);
    }
    String name = in.readUTF();
    Instant at = Instant.ofEpochMilli(in.readLong());
    int count = in.readInt();
    List<Fact> facts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Fact.Kind kind = kind(in.readUTF());
      String of = in.readUTF();
      String value = in.readUTF();
      facts.add(new Fact(kind, of, value, in.readBoolean() ? value : in.readUTF()));
    }
    return new StepRecord(name, at, facts);
  }

  private static Fact.Kind kind(String name) throws IOException {
    try {
      return Fact.Kind.valueOf(name);
    } catch (IllegalArgumentException e) {
      throw new IOException("a step's record has a fact of the unknown kind " + name, e);
    }
  }
}
