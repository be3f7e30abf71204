package dev.kiln.snapshotter.layer;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Blocks deflated by Intel's ISA-L, where the system has that library (Debian: libisal2): about ten
 * times as fast as zlib, with somewhat larger output that may differ between kinds of processors.
 * Field offsets are those of {@code struct isal_zstream} in igzip_lib.h.
 */
@SuppressWarnings("restricted") // binding C functions is what this class is for
final class IsalBlocks implements BlockDeflater {
  private static final Logger LOG = LoggerFactory.getLogger(IsalBlocks.class);

  /** The library's highest level: it is hardly slower than the others. */
  private static final int LEVEL = 3;

  private static final long STREAM_BYTES = 512 * 1024;
  private static final int LEVEL_BUFFER_BYTES = 1 << 20;
  private static final int MAX_INPUT_BYTES = BlockGzipStream.BLOCK_BYTES;
  private static final int MAX_DICTIONARY_BYTES = 32 * 1024;
  private static final int MAX_OUTPUT_BYTES = 2 * MAX_INPUT_BYTES + 64 * 1024;
  private static final int NEXT_IN = 0;
  private static final int AVAIL_IN = 8;
  private static final int NEXT_OUT = 16;
  private static final int AVAIL_OUT = 24;
  private static final int LEVEL_FIELD = 40;
  private static final int LEVEL_BUFFER_SIZE = 44;
  private static final int LEVEL_BUFFER = 48;
  private static final int END_OF_STREAM = 56;
  private static final int FLUSH = 58;
  private static final short SYNC_FLUSH = 1;

  private static final @Nullable IsalBlocks INSTANCE = load();

  private final MethodHandle init;
  private final MethodHandle setDictionary;
  private final MethodHandle deflate;
  private final ThreadLocal<Scratch> scratch = ThreadLocal.withInitial(Scratch::new);

  private IsalBlocks(SymbolLookup library) {
    init = bind(library, "isal_deflate_init", FunctionDescriptor.ofVoid(ValueLayout.ADDRESS));
    setDictionary =
        bind(
            library,
            "isal_deflate_set_dict",
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_INT));
    deflate =
        bind(
            library,
            "isal_deflate",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
  }

  private static MethodHandle bind(SymbolLookup library, String name, FunctionDescriptor type) {
    return Linker.nativeLinker().downcallHandle(library.findOrThrow(name), type);
  }

  /** The library's binding, or null when this system does not have it. */
  static @Nullable IsalBlocks instance() {
    return INSTANCE;
  }

  private static @Nullable IsalBlocks load() {
    try {
      SymbolLookup library = SymbolLookup.libraryLookup("libisal.so.2", Arena.global());
      IsalBlocks blocks = new IsalBlocks(library);
      // A first block, so that a library of another layout is noticed here.
      Packed packed = blocks.pack(new byte[] {1, 2, 3}, 3, new byte[] {1}, true);
      return packed.length() > 0 ? blocks : null;
    } catch (RuntimeException | LinkageError e) {
      LOG.debug("ISA-L is not used: {}", e.getMessage());
      return null;
    }
  }

  /** Native memory of one thread. */
  private static final class Scratch {
    final MemorySegment stream;
    final MemorySegment levelBuffer;
    final MemorySegment input;
    final MemorySegment dictionary;
    final MemorySegment output;

    Scratch() {
      Arena arena = Arena.ofAuto();
      stream = arena.allocate(STREAM_BYTES, 64);
      levelBuffer = arena.allocate(LEVEL_BUFFER_BYTES, 64);
      input = arena.allocate(MAX_INPUT_BYTES, 64);
      dictionary = arena.allocate(MAX_DICTIONARY_BYTES, 64);
      output = arena.allocate(MAX_OUTPUT_BYTES, 64);
    }
  }

  @Override
  public Packed pack(byte[] input, int length, byte[] dictionary, boolean last) {
    Scratch s = scratch.get();
    MemorySegment stream = s.stream;
    // What an earlier block left behind must not show in this one's bytes.
    stream.fill((byte) 0);
    s.levelBuffer.fill((byte) 0);
    MemorySegment.copy(input, 0, s.input, ValueLayout.JAVA_BYTE, 0, length);
    MemorySegment.copy(dictionary, 0, s.dictionary, ValueLayout.JAVA_BYTE, 0, dictionary.length);
    try {
      init.invokeExact(stream);
      stream.set(ValueLayout.JAVA_INT, LEVEL_FIELD, LEVEL);
      stream.set(ValueLayout.JAVA_INT, LEVEL_BUFFER_SIZE, LEVEL_BUFFER_BYTES);
      stream.set(ValueLayout.ADDRESS, LEVEL_BUFFER, s.levelBuffer);
      int result = 0;
      if (dictionary.length > 0) {
        result = (int) setDictionary.invokeExact(stream, s.dictionary, dictionary.length);
      }
      stream.set(ValueLayout.ADDRESS, NEXT_IN, s.input);
      stream.set(ValueLayout.JAVA_INT, AVAIL_IN, length);
      stream.set(ValueLayout.ADDRESS, NEXT_OUT, s.output);
      stream.set(ValueLayout.JAVA_INT, AVAIL_OUT, MAX_OUTPUT_BYTES);
      stream.set(ValueLayout.JAVA_SHORT, END_OF_STREAM, (short) (last ? 1 : 0));
      stream.set(ValueLayout.JAVA_SHORT, FLUSH, last ? 0 : SYNC_FLUSH);
      if (result == 0) {
        result = (int) deflate.invokeExact(stream);
      }
      int unread = stream.get(ValueLayout.JAVA_INT, AVAIL_IN);
      int room = stream.get(ValueLayout.JAVA_INT, AVAIL_OUT);
      if (result != 0 || unread != 0 || room <= 0) {
        throw new IllegalStateException("ISA-L failed with code " + result);
      }
      int size = MAX_OUTPUT_BYTES - room;
      return new Packed(s.output.asSlice(0, size).toArray(ValueLayout.JAVA_BYTE), size);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable t) {
      throw new IllegalStateException("a native call threw", t);
    }
  }
}
