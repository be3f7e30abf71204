package dev.kiln.solver.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever happens to one of its files, the database opens and keeps the rest. */
class MetadataRepairTest {
  private static final List<String> FAMILIES = List.of("one", "two");
  private static final int PAIRS = 400;

  @TempDir static Path origin;
  @TempDir Path folder;
  private Path db;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String value(String family, int i) {
    return family + i + "x".repeat(100);
  }

  /** Three tables of each family and a log, as if the process had been killed. */
  @BeforeAll
  static void fill() throws IOException {
    for (int generation = 0; generation < 4; generation++) {
      try (MetadataDb filling = MetadataDb.open(origin, FAMILIES, true)) {
        for (int i = generation * PAIRS; i < (generation + 1) * PAIRS; i++) {
          var batch = filling.batch();
          for (String family : FAMILIES) {
            batch.put(family, bytes("key" + i), bytes(value(family, i)));
          }
          filling.apply(batch);
        }
        filling.commit(filling.batch()).join();
      }
    }
  }

  @BeforeEach
  void copy() throws IOException {
    db = folder.resolve("db");
    Files.createDirectory(db);
    try (Stream<Path> files = Files.list(origin)) {
      for (Path file : files.toList()) {
        Files.copy(file, db.resolve(file.getFileName()));
      }
    }
  }

  private List<Path> files(String pattern) throws IOException {
    try (Stream<Path> files = Files.list(db)) {
      return files.filter(f -> f.getFileName().toString().matches(pattern)).sorted().toList();
    }
  }

  private Map<String, Integer> kept() throws IOException {
    Map<String, Integer> kept = read(false);
    // The second time there is nothing to repair.
    assertThat(read(true)).isEqualTo(kept);
    assertThat(folder.resolve("db.damaged")).doesNotExist();
    assertThat(folder.resolve("db.repaired")).doesNotExist();
    return kept;
  }

  private Map<String, Integer> read(boolean intact) throws IOException {
    Map<String, Integer> kept = new HashMap<>();
    try (MetadataDb opened = MetadataDb.open(db, FAMILIES, true)) {
      for (String family : FAMILIES) {
        opened.scan(
            family,
            new byte[0],
            (key, value) -> {
              int i = Integer.parseInt(new String(key, StandardCharsets.UTF_8).substring(3));
              assertThat(new String(value, StandardCharsets.UTF_8)).isEqualTo(value(family, i));
              kept.merge(family, 1, Integer::sum);
              return true;
            });
      }
      assertThat(opened.wasRepaired() && intact).isFalse();
    }
    return kept;
  }

  private void assertAll(Map<String, Integer> kept) {
    assertThat(kept).isEqualTo(Map.of("one", 4 * PAIRS, "two", 4 * PAIRS));
  }

  @ParameterizedTest
  @ValueSource(strings = {"CURRENT", "MANIFEST-.*", "OPTIONS-.*", "IDENTITY"})
  void filesWithoutDataCanBeLost(String pattern) throws IOException {
    for (Path file : files(pattern)) {
      Files.delete(file);
    }
    assertAll(kept());
  }

  @Test
  void lostTableTakesItsOwnPairsOnly() throws IOException {
    Files.delete(files("\\d+\\.sst").get(2));
    Map<String, Integer> kept = kept();
    assertThat(kept.get("one") + kept.get("two")).isBetween(6 * PAIRS, 8 * PAIRS - 1);
  }

  @Test
  void smallDatabaseIsCheckedWithoutBeingAsked() throws IOException {
    Path table = files("\\d+\\.sst").get(2);
    byte[] all = Files.readAllBytes(table);
    all[100] ^= 1;
    Files.write(table, all);
    try (MetadataDb opened = MetadataDb.open(db, FAMILIES, false)) {
      assertThat(opened.wasRepaired()).isTrue();
    }
  }

  @Test
  void logThatBreaksOffLosesItsEnd() throws IOException {
    Path log = files("\\d+\\.log").getLast();
    byte[] all = Files.readAllBytes(log);
    Files.write(log, Arrays.copyOf(all, all.length - 60));
    assertThat(kept()).isEqualTo(Map.of("one", 4 * PAIRS - 1, "two", 4 * PAIRS - 1));
  }

  @Test
  void flippedByteInTheLogLosesOneBatch() throws IOException {
    Path log = files("\\d+\\.log").getLast();
    byte[] all = Files.readAllBytes(log);
    all[1000] ^= 1;
    Files.write(log, all);
    assertThat(kept()).isEqualTo(Map.of("one", 4 * PAIRS - 1, "two", 4 * PAIRS - 1));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void anyDamageOfOneFileLeavesMost(int seed) throws IOException {
    Random random = new Random(seed);
    List<Path> all = files(".*");
    Path file = all.get(random.nextInt(all.size()));
    byte[] content = Files.readAllBytes(file);
    String damage;
    switch (random.nextInt(3)) {
      case 0 -> {
        int length = random.nextInt(content.length + 1);
        damage = "cut to " + length;
        Files.write(file, Arrays.copyOf(content, length), StandardOpenOption.TRUNCATE_EXISTING);
      }
      case 1 -> {
        damage = "flipped";
        for (int i = 0; i < 3 && content.length > 0; i++) {
          content[random.nextInt(content.length)] ^= (byte) (1 << random.nextInt(8));
        }
        Files.write(file, content);
      }
      default -> {
        damage = "deleted";
        Files.delete(file);
      }
    }
    Map<String, Integer> kept = kept();
    assertThat(kept.getOrDefault("one", 0) + kept.getOrDefault("two", 0))
        .as("%s %s", file.getFileName(), damage)
        .isGreaterThanOrEqualTo(6 * PAIRS);
  }
}
