package dev.kiln.executor.platform;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;

/**
 * The smallest programs that show whether an architecture runs: each ends at once with code 0, but
 * for amd64, whose code is 65 or 66 for level 1 or 2 of the architecture.
 *
 * @param architecture Go's name
 * @param machine e_machine of the ELF header
 * @param wide whether 64-bit
 * @param flags e_flags: the calling conventions that kernels check
 * @param code instructions, as bytes in hexadecimal
 */
record ProbeProgram(
    String architecture, int machine, boolean wide, ByteOrder order, int flags, String code) {
  static final int AMD64_LEVEL_1 = 65;
  static final int AMD64_LEVEL_2 = 66;

  private static final ByteOrder LITTLE = ByteOrder.LITTLE_ENDIAN;
  private static final ByteOrder BIG = ByteOrder.BIG_ENDIAN;

  /** Loaded here; also the alignment, for kernels with pages of up to 64 KiB. */
  private static final int ADDRESS = 0x400000;

  private static final int ALIGNMENT = 0x10000;
  private static final int TYPE_EXECUTABLE = 2;
  private static final int LOAD = 1;
  private static final int READ_AND_EXECUTE = 5;

  /** In the order in which platforms are listed. */
  static final List<ProbeProgram> ALL =
      List.of(
          // CPUID leaf 1: SSE3, SSSE3, CX16, SSE4.1, SSE4.2, POPCNT; leaf 80000001h: LAHF
          new ProbeProgram(
              "amd64",
              0x3e,
              true,
              LITTLE,
              0,
              "b801000000 0fa2 81e101229800 81f901229800 7513 b801000080 0fa2 f6c101 7407"
                  + "bf42000000 eb05 bf41000000 b83c000000 0f05"),
          // mov x0, 0; mov x8, 93; svc 0
          new ProbeProgram("arm64", 0xb7, true, LITTLE, 0, "000080d2 a80b80d2 010000d4"),
          // li a0, 0; li a7, 93; ecall
          new ProbeProgram("riscv64", 0xf3, true, LITTLE, 0, "13050000 9308d005 73000000"),
          // li r0, 1; li r3, 0; sc
          new ProbeProgram("ppc64", 0x15, true, BIG, 2, "38000001 38600000 44000002"),
          new ProbeProgram("ppc64le", 0x15, true, LITTLE, 2, "01000038 00006038 02000044"),
          // lghi %r2, 0; svc 1
          new ProbeProgram("s390x", 0x16, true, BIG, 0, "a7290000 0a01"),
          // xor ebx, ebx; xor eax, eax; inc eax; int 80h
          new ProbeProgram("386", 0x03, false, LITTLE, 0, "31db 31c0 40 cd80"),
          // li v0, 5058; move a0, zero; syscall
          new ProbeProgram(
              "mips64le", 0x08, true, LITTLE, 0x80000007, "c2130224 25200000 0c000000"),
          new ProbeProgram("mips64", 0x08, true, BIG, 0x80000007, "240213c2 00002025 0000000c"),
          // ori a0, zero, 0; ori a7, zero, 93; syscall 0
          new ProbeProgram("loong64", 0x102, true, LITTLE, 0x43, "04008003 0b748103 00002b00"),
          // mov r0, 0; mov r7, 1; svc 0
          new ProbeProgram("arm", 0x28, false, LITTLE, 0x05000000, "0000a0e3 0170a0e3 000000ef"));

  /** The program's file: an ELF header, one segment, the code. */
  byte[] file() {
    byte[] instructions = HexFormat.of().parseHex(code.replace(" ", ""));
    int headers = wide ? 64 + 56 : 52 + 32;
    int length = headers + instructions.length;
    ByteBuffer out = ByteBuffer.allocate(length).order(order);
    putIdentity(out);
    out.putShort((short) TYPE_EXECUTABLE).putShort((short) machine).putInt(1);
    putWord(out, ADDRESS + headers);
    putWord(out, wide ? 64 : 52);
    putWord(out, 0);
    out.putInt(flags).putShort((short) (wide ? 64 : 52)).putShort((short) (wide ? 56 : 32));
    out.putShort((short) 1).putShort((short) 0).putShort((short) 0).putShort((short) 0);
    putSegment(out, length);
    return out.put(instructions).array();
  }

  private void putIdentity(ByteBuffer out) {
    out.put((byte) 0x7f).put((byte) 'E').put((byte) 'L').put((byte) 'F');
    out.put((byte) (wide ? 2 : 1)).put((byte) (order == LITTLE ? 1 : 2)).put((byte) 1);
    out.position(16);
  }

  private void putSegment(ByteBuffer out, int length) {
    out.putInt(LOAD);
    if (wide) {
      out.putInt(READ_AND_EXECUTE);
    }
    putWord(out, 0);
    putWord(out, ADDRESS);
    putWord(out, ADDRESS);
    putWord(out, length);
    putWord(out, length);
    if (!wide) {
      out.putInt(READ_AND_EXECUTE);
    }
    putWord(out, ALIGNMENT);
  }

  private void putWord(ByteBuffer out, long value) {
    if (wide) {
      out.putLong(value);
    } else {
      out.putInt((int) value);
    }
  }
}
