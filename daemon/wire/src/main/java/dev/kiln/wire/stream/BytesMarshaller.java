package dev.kiln.wire.stream;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * The protocol's several {@code BytesMessage { bytes data = 1 }} as plain byte arrays, without the
 * copies that message objects cost. Unknown fields are skipped. Arrays must not be changed once
 * sent.
 */
public final class BytesMarshaller implements Marshaller<byte[]> {
  private static final BytesMarshaller INSTANCE = new BytesMarshaller();
  private static final int DATA_TAG = 1 << 3 | 2;

  private BytesMarshaller() {}

  /** The same method with byte arrays in place of its messages, which must be BytesMessages. */
  public static MethodDescriptor<byte[], byte[]> raw(MethodDescriptor<?, ?> method) {
    return method.toBuilder(INSTANCE, INSTANCE).build();
  }

  /** Whole messages as their bytes. */
  public static Marshaller<byte[]> whole() {
    return new Whole();
  }

  /** The same method with whole messages as their bytes. */
  public static MethodDescriptor<byte[], byte[]> undecoded(MethodDescriptor<?, ?> method) {
    Whole whole = new Whole();
    return method.toBuilder(whole, whole).build();
  }

  /** The data of the BytesMessages that a stream of undecoded messages carries. */
  public static MessageStream<byte[], byte[]> decoded(MessageStream<byte[], byte[]> stream) {
    return MappedStream.of(
        stream,
        data -> INSTANCE.stream(data).readAllBytes(),
        message -> INSTANCE.parse(new ByteArrayInputStream(message)));
  }

  @Override
  public InputStream stream(byte[] data) {
    return new Encoded(header(data.length), data);
  }

  @Override
  public byte[] parse(InputStream stream) {
    try {
      CodedInputStream in = CodedInputStream.newInstance(stream);
      byte[] data = new byte[0];
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        if (tag == DATA_TAG) {
          data = in.readByteArray();
        } else if (!in.skipField(tag)) {
          break;
        }
      }
      return data;
    } catch (IOException e) {
      throw Status.INTERNAL
          .withDescription("could not read a BytesMessage: " + e.getMessage())
          .withCause(e)
          .asRuntimeException();
    }
  }

  private static byte[] header(int length) {
    if (length == 0) {
      return new byte[0];
    }
    byte[] header = new byte[1 + CodedOutputStream.computeUInt32SizeNoTag(length)];
    CodedOutputStream out = CodedOutputStream.newInstance(header);
    try {
      out.writeUInt32NoTag(DATA_TAG);
      out.writeUInt32NoTag(length);
      out.flush();
    } catch (IOException e) {
      throw new IllegalStateException("the header has exactly this size", e);
    }
    return header;
  }

  private static final class Whole implements Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] message) {
      return new ByteArrayInputStream(message);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw Status.INTERNAL
            .withDescription("could not read a message: " + e.getMessage())
            .withCause(e)
            .asRuntimeException();
      }
    }
  }

  /** Header and data, written to the transport in two pieces; read as a stream only in tests. */
  private static final class Encoded extends InputStream implements Drainable, KnownLength {
    private final byte[] header;
    private final byte[] data;
    private InputStream rest;
    private boolean inData;

    Encoded(byte[] header, byte[] data) {
      this.header = header;
      this.data = data;
      this.rest = new ByteArrayInputStream(header);
    }

    @Override
    public int drainTo(OutputStream target) throws IOException {
      target.write(header);
      target.write(data);
      rest = InputStream.nullInputStream();
      inData = true;
      return header.length + data.length;
    }

    @Override
    public int available() throws IOException {
      return rest.available() + (inData ? 0 : data.length);
    }

    @Override
    public int read() throws IOException {
      int value = rest.read();
      if (value >= 0 || inData) {
        return value;
      }
      inData = true;
      rest = new ByteArrayInputStream(data);
      return rest.read();
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int count = rest.read(target, offset, length);
      if (count >= 0 || inData) {
        return count;
      }
      inData = true;
      rest = new ByteArrayInputStream(data);
      return rest.read(target, offset, length);
    }
  }
}
