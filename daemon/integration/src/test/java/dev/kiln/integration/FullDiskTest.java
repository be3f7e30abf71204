package dev.kiln.integration;

import static org.assertj.core.api.Assertions.assertThat;

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

  @TempDir static Path folder;
  private static Path disk;
  private static Workshop shop;

  @BeforeAll
  static void open() throws Exception {
    Tools.requireRoot();
    disk = Files.createDirectory(folder.resolve("root"));
    Run.of(Tools.require("mount"), "-t", "tmpfs", "-o", "size=64m", "kiln", disk.toString()).ok();
    shop = Workshop.open(folder);
  }

  @AfterAll
  static void close() throws Exception {
    if (shop != null) {
      shop.close();
    }
    if (disk != null) {
      Run.of(Tools.require("umount"), disk.toString()).ok();
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
}
