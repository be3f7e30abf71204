package dev.kiln.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * A daemon under measurement.
 *
 * @param name as shown in the table
 * @param address as clients take it, such as {@code unix:///run/kiln/kilnd.sock}
 * @param pid of its process, 0 when unknown
 */
record Peer(String name, String address, long pid) {

  /**
   * The most memory that the process ever had in use, in MiB; empty when the process is unknown.
   */
  OptionalLong peakMebibytes() throws IOException {
    Path status = Path.of("/proc", Long.toString(pid), "status");
    if (pid == 0 || !Files.exists(status)) {
      return OptionalLong.empty();
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
        .findFirst();
  }
}
