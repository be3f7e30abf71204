package dev.kiln.wire.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import dev.kiln.snapshotter.checksum.ContentChanges;
import dev.kiln.snapshotter.checksum.ContentHash;
import dev.kiln.snapshotter.checksum.ContentSelector;
import dev.kiln.snapshotter.fileop.Owner;
import dev.kiln.snapshotter.linux.DirectoryEntries;
import dev.kiln.snapshotter.linux.FileStatus;
import dev.kiln.wire.fsutil.Packet;
import dev.kiln.wire.fsutil.Packet.PacketType;
import dev.kiln.wire.fsutil.Stat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class TransferTest {
  @TempDir Path temp;
  private Path from;
  private Path to;

  @BeforeEach
  void directories() throws IOException {
    assumeTrue("root".equals(System.getProperty("user.name")), "owners and devices need root");
    from = Files.createDirectory(temp.resolve("from"));
    to = Files.createDirectory(temp.resolve("to"));
  }

  private void transfer(FileSource source, ReceiveOptions options) throws Exception {
    PacketPipe pipe = new PacketPipe();
    Throwable[] sent = new Throwable[1];
    Thread sender =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    TreeSender.send(source, pipe.sender, TransferProgress.NONE);
                  } catch (IOException | RuntimeException e) {
                    sent[0] = e;
                  } finally {
                    pipe.sender.close();
                  }
                });
    try {
      TreeReceiver.receive(pipe.receiver, to, options);
    } finally {
      pipe.receiver.close();
      sender.join();
    }
    assertThat(sent[0]).isNull();
  }

  private void write(String path, String content) throws IOException {
    Files.createDirectories(from.resolve(path).getParent());
    Files.writeString(from.resolve(path), content);
  }

  private List<String> received() throws IOException {
    return Trees.describe(to).stream()
        .map(line -> line.replaceAll(" [0-7]+ \\d+:\\d+ .*", ""))
        .toList();
  }

  @Test
  void anyTreeArrivesAsItWasAndStaysUpToDate() throws Exception {
    for (long seed = 1; seed <= 12; seed++) {
      Path source = Files.createDirectory(temp.resolve("source" + seed));
      to = Files.createDirectory(temp.resolve("to" + seed));
      Trees trees = new Trees(seed);
      ContentHash known = null;
      for (int round = 0; round < 4; round++) {
        trees.stir(source, 3);
        ContentChanges changes = new ContentChanges(known);
        ReceiveOptions options = ReceiveOptions.CONTEXT.withListener(new ChecksumListener(changes));
        transfer(DirectorySource.of(source), options);
        assertThat(Trees.describe(to))
            .as("seed %d round %d", seed, round)
            .isEqualTo(Trees.describe(source));
        known = changes.finish();
        for (String name : DirectoryEntries.sorted(to.toString())) {
          ContentSelector selector = ContentSelector.of(name);
          assertThat(known.checksum(to::toString, selector))
              .as("digest of %s, seed %d round %d", name, seed, round)
              .isEqualTo(new ContentHash().checksum(to::toString, selector));
        }
      }
    }
  }

  @Test
  void keptFileTakesNewContentUnlessItHasOtherNames() throws Exception {
    write("long", "x".repeat(100_000));
    write("short", "y");
    write("named", "z");
    transfer(DirectorySource.of(from), ReceiveOptions.CONTEXT);
    long inode = FileStatus.of(to.resolve("long").toString()).inode();
    Path other = Files.createLink(temp.resolve("other"), to.resolve("named"));
    write("long", "now short");
    write("short", "now " + "y".repeat(100_000));
    write("named", "changed");
    transfer(DirectorySource.of(from), ReceiveOptions.CONTEXT);
    assertThat(Trees.describe(to)).isEqualTo(Trees.describe(from));
    assertThat(FileStatus.of(to.resolve("long").toString()).inode()).isEqualTo(inode);
    assertThat(other).hasContent("z");
  }

  @Test
  void whatIsUnchangedIsNotAskedFor() throws Exception {
    write("a", "x".repeat(100_000));
    write("d/b", "y".repeat(100_000));
    transfer(DirectorySource.of(from), ReceiveOptions.CONTEXT);
    AtomicLong bytes = new AtomicLong();
    ReceiveOptions counted = ReceiveOptions.CONTEXT.withProgress((count, last) -> bytes.set(count));
    transfer(DirectorySource.of(from), counted);
    assertThat(bytes.get()).isLessThan(1000);
    transfer(DirectorySource.of(from), counted.withExisting(ReceiveOptions.Existing.REPLACED));
    assertThat(bytes.get()).isGreaterThan(200_000);
  }

  @Test
  void mergingKeepsWhatIsNotSentAndMirroringDoesNot() throws Exception {
    write("d/new", "1");
    Files.createDirectories(to.resolve("d"));
    Files.writeString(to.resolve("d/old"), "2");
    Files.createSymbolicLink(to.resolve("d/new"), Path.of("old"));
    ReceiveOptions mine =
        ReceiveOptions.CONTEXT
            .withExisting(ReceiveOptions.Existing.MERGED)
            .withOwner(new Owner(5, 6));
    transfer(DirectorySource.of(from), mine);
    assertThat(received()).containsExactly("d", "d/new", "d/old");
    assertThat(to.resolve("d/old")).hasContent("2");
    assertThat(FileStatus.of(to + "/d/new").uid()).isEqualTo(5);
    transfer(DirectorySource.of(from), mine.withExisting(ReceiveOptions.Existing.REPLACED));
    assertThat(received()).containsExactly("d", "d/new");
  }

  @Test
  void filtersPickWhatIsSent() throws Exception {
    write("src/a.go", "");
    write("src/b.txt", "");
    write("src/deep/c.go", "");
    write("docs/x.md", "");
    write("node_modules/keep/me", "");
    write("node_modules/drop", "");
    transfer(
        DirectorySource.filtered(from, List.of("**/*.go"), List.of(), List.of()),
        ReceiveOptions.CONTEXT);
    assertThat(received()).containsExactly("src", "src/a.go", "src/deep", "src/deep/c.go");
    transfer(
        DirectorySource.filtered(
            from, List.of(), List.of("node_modules", "!node_modules/keep", "src"), List.of()),
        ReceiveOptions.CONTEXT);
    assertThat(received())
        .containsExactly(
            "docs", "docs/x.md", "node_modules", "node_modules/keep", "node_modules/keep/me");
  }

  @Test
  void followedPathsBringTheirLinks() throws Exception {
    write("real/dir/file", "");
    write("real/other", "");
    write("unrelated", "");
    Files.createSymbolicLink(from.resolve("link"), Path.of("/real"));
    Files.createSymbolicLink(from.resolve("real/sub"), Path.of("dir"));
    transfer(
        DirectorySource.filtered(from, List.of(), List.of(), List.of("link/sub/file")),
        ReceiveOptions.CONTEXT);
    assertThat(received()).containsExactly("link", "real", "real/dir", "real/dir/file", "real/sub");
    assertThat(FollowLinks.resolve(from.toString(), List.of("l*"))).containsExactly("l*", "real");
    assertThat(FollowLinks.resolve(from.toString(), List.of("unrelated", "."))).isEmpty();
    assertThat(FollowLinks.resolve(from.toString(), List.of("../../unrelated", "nope/x")))
        .containsExactly("nope/x", "unrelated");
  }

  @Test
  void linksWhoseFirstNameIsLeftOutBecomeFiles() throws Exception {
    write("a", "content");
    Files.createLink(from.resolve("b"), from.resolve("a"));
    Files.createLink(from.resolve("c"), from.resolve("a"));
    transfer(
        DirectorySource.filtered(from, List.of(), List.of("a"), List.of()), ReceiveOptions.CONTEXT);
    assertThat(to.resolve("c")).hasContent("content");
    assertThat(FileStatus.of(to + "/b").inode()).isEqualTo(FileStatus.of(to + "/c").inode());
  }

  @Test
  void metadataComesAloneButForExceptions() throws Exception {
    write("a/skip", "1");
    write("a/take", "2");
    write("b/skip", "3");
    transfer(DirectorySource.of(from), ReceiveOptions.CONTEXT.withMetadataOnly("a/take"::equals));
    assertThat(received()).containsExactly(".fsutil-metadata", "a", "a/take");
    assertThat(to.resolve("a/take")).hasContent("2");
    ByteBuffer records =
        ByteBuffer.wrap(Files.readAllBytes(to.resolve(".fsutil-metadata")))
            .order(ByteOrder.LITTLE_ENDIAN);
    List<String> paths = new ArrayList<>();
    while (records.hasRemaining()) {
      byte[] record = new byte[records.getInt()];
      records.get(record);
      paths.add(Stat.parseFrom(record).getPath());
    }
    assertThat(paths).containsExactly("a", "a/skip", "a/take", "b", "b/skip");
  }

  @Test
  void sourcesCanBePutTogether() throws Exception {
    write("f", "disk");
    Stat directory =
        Stat.newBuilder().setPath("linux_amd64").setMode(GoMode.DIRECTORY | 0755).build();
    FileSource source =
        new MergedSource(
            List.of(
                new SubdirectorySource().add(directory, DirectorySource.of(from)),
                DirectorySource.of(from),
                new MemorySource()
                    .add(
                        Stat.newBuilder().setPath("sbom.json").setMode(0600).build(),
                        new byte[] {'{', '}'})));
    transfer(source, ReceiveOptions.CONTEXT);
    assertThat(received()).containsExactly("f", "linux_amd64", "linux_amd64/f", "sbom.json");
    assertThat(to.resolve("sbom.json")).hasContent("{}");
  }

  private static Packet stat(String path, int mode, String link) {
    return Packet.newBuilder()
        .setType(PacketType.PACKET_STAT)
        .setStat(Stat.newBuilder().setPath(path).setMode(mode).setLinkname(link))
        .build();
  }

  /** What a receiver says to packets that no honest sender sends. */
  private void receiverRefuses(String message, Packet... packets) throws Exception {
    PacketPipe pipe = new PacketPipe();
    for (Packet packet : packets) {
      pipe.sender.send(packet);
    }
    assertThatThrownBy(() -> TreeReceiver.receive(pipe.receiver, to, ReceiveOptions.CONTEXT))
        .hasMessageContaining(message);
    Packet answer = pipe.sender.receive();
    while (answer != null && answer.getType() == PacketType.PACKET_REQ) {
      answer = pipe.sender.receive();
    }
    assertThat(answer).isNotNull();
    assertThat(answer.getType()).isEqualTo(PacketType.PACKET_ERR);
    assertThat(answer.getData().toStringUtf8()).contains(message);
  }

  @Test
  void receiversRefuseWhatBreaksTheProtocol() throws Exception {
    int dir = GoMode.DIRECTORY | 0755;
    receiverRefuses("changes out of order: \"a\" \"b\"", stat("b", 0644, ""), stat("a", 0644, ""));
    receiverRefuses("changes out of order", stat("x/y", 0644, ""));
    receiverRefuses("changes out of order", stat("d", dir, ""), stat("d", dir, ""));
    receiverRefuses("escape check ../x", stat("../x", 0644, ""));
    receiverRefuses("absolute path /x", stat("/x", 0644, ""));
    receiverRefuses("unclean path a/../b", stat("a/../b", 0644, ""));
    receiverRefuses(
        "invalid link l to unknown path: \"../../etc/passwd\"",
        stat("l", 0644, "../../etc/passwd"));
    receiverRefuses(
        "changes out of order",
        stat("e", GoMode.SYMLINK | 0777, "/etc"),
        stat("e/passwd", 0644, ""));
    Packet data =
        Packet.newBuilder()
            .setType(PacketType.PACKET_DATA)
            .setID(7)
            .setData(ByteString.copyFromUtf8("x"))
            .build();
    receiverRefuses("invalid file request 7", data);
  }

  @Test
  void errorsOfEitherSideReachTheOther() throws Exception {
    PacketPipe pipe = new PacketPipe();
    pipe.sender.send(
        Packet.newBuilder()
            .setType(PacketType.PACKET_ERR)
            .setData(ByteString.copyFromUtf8("disk on fire"))
            .build());
    assertThatThrownBy(() -> TreeReceiver.receive(pipe.receiver, to, ReceiveOptions.CONTEXT))
        .hasMessage("error from sender: disk on fire");
    PacketPipe other = new PacketPipe();
    other.receiver.send(
        Packet.newBuilder()
            .setType(PacketType.PACKET_ERR)
            .setData(ByteString.copyFromUtf8("no space"))
            .build());
    assertThatThrownBy(
            () -> TreeSender.send(DirectorySource.of(from), other.sender, TransferProgress.NONE))
        .hasMessage("error from receiver: no space");
    PacketPipe third = new PacketPipe();
    third.receiver.send(Packet.newBuilder().setType(PacketType.PACKET_REQ).setID(3).build());
    assertThatThrownBy(
            () -> TreeSender.send(DirectorySource.of(from), third.sender, TransferProgress.NONE))
        .hasMessage("invalid file id 3");
  }

  @Test
  void aSenderThatLeavesIsAnError() throws Exception {
    PacketPipe pipe = new PacketPipe();
    pipe.sender.send(stat("a", 0644, ""));
    pipe.sender.closeSend();
    assertThatThrownBy(() -> TreeReceiver.receive(pipe.receiver, to, ReceiveOptions.CONTEXT))
        .hasMessage("the sender left before the transfer was over");
  }
}
