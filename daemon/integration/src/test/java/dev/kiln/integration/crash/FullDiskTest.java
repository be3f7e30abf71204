package dev.kiln.integration.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.integration.Run;
import dev.kiln.integration.Tools;
import dev.kiln.integration.Workshop;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A daemon whose disk is full says so, loses nothing, and goes on once there is room. */
@Timeout(180)
class FullDiskTest {
  private static final String NO_SPACE = "(?s).*[Nn]o space left on device.*";

  private static final long BYTES = 96L << 20;

  @TempDir static Path folder;
  private static LoopDisk loop;
  private static Path disk;
  private static Workshop shop;

  @BeforeAll
  static void open() throws Exception {
    LoopDisk.require();
    loop = LoopDisk.make(folder.resolve("disk"), folder.resolve("root"), BYTES);
    disk = loop.point();
    shop = Workshop.open(folder);
  }

  @AfterAll
  static void close() throws Exception {
    if (shop != null) {
      shop.close();
    }
    if (loop != null) {
      loop.close();
    }
  }

  private static Path fill() throws IOException {
    Path ballast = disk.resolve("ballast");
    byte[] block = new byte[4096];
    try (OutputStream out = Files.newOutputStream(ballast)) {
      while (true) {
        out.write(block);
      }
    } catch (IOException full) {
      assertThat(full).hasMessageContaining("No space left");
    }
    return ballast;
  }

  private static void assertBuilds(String word) throws Exception {
    Path out = shop.fresh("out");
    Path context = shop.context("FROM BASE\nRUN echo " + word + " > /word\n");
    shop.buildctl(context, "--output=type=local,dest=" + out).ok();
    assertThat(out.resolve("word")).hasContent(word);
  }

  @Test
  void stepThatFillsTheDiskFailsAndLeavesRoom() throws Exception {
    Path context = shop.context("FROM BASE\nRUN dd if=/dev/zero of=/big bs=1M count=500\n");
    assertThat(shop.buildctl(context).failed())
        .matches(NO_SPACE)
        .contains("did not complete successfully: exit code: 1");
    assertBuilds("after-step");
  }

  @Test
  void contextThatDoesNotFitIsRefused() throws Exception {
    Path context = shop.context("FROM BASE\nCOPY big /big\n");
    Files.write(context.resolve("big"), new byte[80 << 20]);
    assertThat(shop.buildctl(context).failed()).matches(NO_SPACE);
    assertBuilds("after-context");
  }

  @Test
  void imageThatDoesNotFitIsRefused() throws Exception {
    Path ballast = fill();
    Path context = shop.context("FROM BASE\nRUN echo full > /full\n");
    String said = shop.buildctl(context).failed();
    Files.delete(ballast);
    assertThat(said).matches(NO_SPACE);
    assertBuilds("after-ballast");
    shop.restart();
    assertBuilds("after-restart");
  }

  @Test
  void pruneFreesADiskThatIsFullToTheLastByte() throws Exception {
    for (int i = 0; i < 3; i++) {
      shop.buildctl(shop.context("FROM BASE\nRUN head -c 8000000 /dev/urandom > /some" + i + "\n"))
          .ok();
    }
    Path ballast = fill();
    Path context = shop.context("FROM BASE\nRUN dd if=/dev/zero of=/more bs=1M count=4\n");
    assertThat(shop.buildctl(context).failed()).matches(NO_SPACE);
    Run.of(Tools.require("buildctl"), "--addr=" + shop.kilnd().address(), "prune", "--all").ok();
    assertBuilds("after-prune");
    shop.buildctl(context).ok();
    Files.delete(ballast);
    shop.restart();
    assertBuilds("after-prune-and-restart");
  }
}
