package dev.kiln.snapshotter.checksum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kiln.snapshotter.content.Digest;
import dev.kiln.snapshotter.linux.FileStatus;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The vectors come from the daemon whose caches Kiln shares. */
class ContentHashTest {
  @TempDir Path temp;

  @BeforeEach
  void needsRoot() {
    assumeTrue("root".equals(System.getProperty("user.name")), "owners and devices need root");
  }

  private static List<JsonNode> vectors() throws IOException {
    try (InputStream in = ContentHashTest.class.getResourceAsStream("contenthash.json")) {
      List<JsonNode> vectors = new ArrayList<>();
      new JsonMapper().readTree(in).get("vectors").forEach(vectors::add);
      return vectors;
    }
  }

  private Path write(JsonNode vector) throws IOException {
    Path root = Files.createDirectory(temp.resolve(vector.get("name").asString()));
    new SampleTree(vector.get("tree")).write(root);
    return root;
  }

  private static ContentSelector selector(JsonNode node) {
    return new ContentSelector(
        node.path("path").asString("/"),
        node.path("wildcard").asBoolean(false),
        node.path("followLinks").asBoolean(false),
        texts(node.path("include")),
        texts(node.path("exclude")),
        texts(node.path("required")));
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asString()));
    return texts;
  }

  @Test
  void recordsOfScannedTreesAgree() throws IOException {
    SoftAssertions all = new SoftAssertions();
    for (JsonNode vector : vectors()) {
      Path root = write(vector);
      TreeNode node = TreeNode.directory("");
      Tree tree = new Tree(node, new TreeReader(root::toString));
      tree.digest(node, "/");
      for (JsonNode entry : vector.get("records")) {
        String key = entry.get("key").asString();
        boolean header = key.endsWith("/");
        String path = key.isEmpty() || key.equals("/") ? "/" : header ? cut(key) : key;
        TreeNode found = tree.resolve(path, false).node();
        byte[] digest = found.isDirectory() && !header ? found.recursive : found.own;
        all.assertThat(Hashes.text(digest)).as(key).isEqualTo(entry.get("digest").asString());
      }
    }
    all.assertAll();
  }

  private static String cut(String key) {
    return key.substring(0, key.length() - 1);
  }

  @Test
  void selectorsOfScannedTreesAgree() throws IOException {
    SoftAssertions all = new SoftAssertions();
    for (JsonNode vector : vectors()) {
      Path root = write(vector);
      ContentHash shared = new ContentHash();
      for (JsonNode one : vector.path("checksums")) {
        String wanted =
            one.has("error") ? one.get("error").asString() : one.get("checksum").asString();
        ContentSelector selector = selector(one.get("selector"));
        all.assertThat(answer(new ContentHash(), root, selector)).as("%s", one).contains(wanted);
        all.assertThat(answer(shared, root, selector)).as("again %s", one).contains(wanted);
      }
      for (JsonNode one : vector.path("contentKeys")) {
        List<ContentSelector> selectors = new ArrayList<>();
        one.path("selectors").forEach(node -> selectors.add(selector(node)));
        all.assertThat(shared.contentKey(root::toString, selectors).text())
            .as("%s", one)
            .isEqualTo(one.get("contentKey").asString());
      }
    }
    all.assertAll();
  }

  private static String answer(ContentHash hash, Path root, ContentSelector selector) {
    try {
      return hash.checksum(root::toString, selector).text();
    } catch (IOException e) {
      return e.getMessage();
    }
  }

  @Test
  void selectorsOfTransferredTreesAgree() throws IOException {
    SoftAssertions all = new SoftAssertions();
    for (JsonNode vector : vectors()) {
      ContentChanges changes = new ContentChanges(null);
      new SampleTree(vector.get("tree")).transfer(changes);
      ContentHash hash = ContentHash.fromBytes(changes.finish().toBytes());
      for (JsonNode one : vector.path("transferChecksums")) {
        all.assertThat(hash.checksum(ContentHashTest::unread, selector(one.get("selector"))).text())
            .as("%s", one)
            .isEqualTo(one.get("checksum").asString());
      }
    }
    all.assertAll();
  }

  private static String unread() {
    throw new AssertionError("a received tree is not read again");
  }

  @Test
  void changesLeadToTheSameDigestsAsAFreshTransfer() throws IOException {
    ContentChanges first = new ContentChanges(null);
    put(first, "d", FileStatus.DIRECTORY, "");
    put(first, "d/old", FileStatus.REGULAR, "1");
    put(first, "d/same", FileStatus.REGULAR, "2");
    first.link("d/z", "d/same");
    ContentHash before = first.finish();
    Digest original = before.checksum(ContentHashTest::unread, ContentSelector.ALL);

    ContentChanges second = new ContentChanges(before);
    second.delete("d/old");
    put(second, "d/new", FileStatus.DIRECTORY, "");
    put(second, "d/new/x", FileStatus.REGULAR, "3");
    ContentHash after = second.finish();

    ContentChanges fresh = new ContentChanges(null);
    put(fresh, "d", FileStatus.DIRECTORY, "");
    put(fresh, "d/new", FileStatus.DIRECTORY, "");
    put(fresh, "d/new/x", FileStatus.REGULAR, "3");
    put(fresh, "d/same", FileStatus.REGULAR, "2");
    put(fresh, "d/z", FileStatus.REGULAR, "2");
    assertThat(after.checksum(ContentHashTest::unread, ContentSelector.ALL))
        .isEqualTo(fresh.finish().checksum(ContentHashTest::unread, ContentSelector.ALL))
        .isNotEqualTo(original);
    assertThat(before.checksum(ContentHashTest::unread, ContentSelector.ALL)).isEqualTo(original);
  }

  private static void put(ContentChanges changes, String path, int type, String content) {
    EntryHeader header =
        new EntryHeader(type | 0755, 0, 0, content.length(), "", 0, 0, java.util.Map.of());
    var hash = header.start();
    hash.update(content.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    changes.put(path, header, Hashes.digest(hash.digest()));
  }

  @Test
  void anEmptyTransferIsScanned() throws IOException {
    ContentHash hash = new ContentChanges(null).finish();
    assertThat(hash.checksum(temp::toString, ContentSelector.ALL))
        .isEqualTo(new ContentHash().checksum(temp::toString, ContentSelector.ALL));
  }

  @Test
  void nothingHasOnlyARoot() throws IOException {
    assertThat(ContentHash.checksumOfNothing(ContentSelector.ALL).text())
        .isEqualTo("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assertThatThrownBy(() -> ContentHash.checksumOfNothing(ContentSelector.of("/x")))
        .hasMessage("/x: no such file or directory");
  }

  @Test
  void onlyWhatIsAskedForIsRead() throws IOException {
    Files.createDirectory(temp.resolve("a"));
    Files.writeString(temp.resolve("a/f"), "1");
    Files.createDirectory(temp.resolve("b"));
    TreeNode root = TreeNode.directory("");
    Tree tree = new Tree(root, new TreeReader(temp::toString));
    tree.digest(tree.resolve("/a/f", false).node(), "/a/f");
    assertThat(root.child("b").children).isNull();
    assertThat(root.child("b").own).isNull();
  }

  @Test
  void missingPathsAndRequiredPathsAreNamed() throws IOException {
    Files.writeString(temp.resolve("f"), "1");
    ContentHash hash = new ContentHash();
    assertThatThrownBy(() -> hash.checksum(temp::toString, ContentSelector.of("nope/x")))
        .isInstanceOf(NotInTreeException.class)
        .hasMessage("\"/nope/x\": not found");
    ContentSelector required =
        new ContentSelector("/", false, false, List.of("f"), List.of(), List.of("/g"));
    assertThatThrownBy(() -> hash.checksum(temp::toString, required))
        .hasMessage("\"/g\": not found");
  }

  @Test
  void linksInACircleEnd() throws IOException {
    Files.createSymbolicLink(temp.resolve("a"), Path.of("b"));
    Files.createSymbolicLink(temp.resolve("b"), Path.of("a"));
    assertThatThrownBy(() -> new ContentHash().checksum(temp::toString, ContentSelector.of("/a/x")))
        .hasMessage("too many links");
  }

  @Test
  void entriesAreWhatAContentKeyIsMadeOf() throws Exception {
    Path tree = Files.createDirectories(temp.resolve("listed/src/deep")).getParent().getParent();
    Files.writeString(tree.resolve("src/deep/a.c"), "a");
    Files.writeString(tree.resolve("src/b.c"), "b");
    Files.writeString(tree.resolve("note.txt"), "n");
    ContentHash hash = new ContentHash();
    ContentSelector folder = ContentSelector.of("/src");
    ContentSelector texts =
        new ContentSelector("/*.txt", true, false, List.of(), List.of(), List.of());
    List<ContentSelector> selectors = List.of(folder, texts);
    hash.contentKey(tree::toString, selectors);

    List<ContentEntry> entries = hash.entries(() -> "/nowhere", selectors);
    assertThat(entries).extracting(ContentEntry::path).containsExactly("src", "note.txt");
    assertThat(entries.getFirst().digest()).isEqualTo(hash.checksum(tree::toString, folder));
    List<ContentEntry> below = entries.getFirst().folder().entries();
    assertThat(below).extracting(ContentEntry::path).containsExactly("b.c", "deep");
    assertThat(below.getLast().folder().entries().getFirst().digest())
        .isEqualTo(hash.checksum(tree::toString, ContentSelector.of("/src/deep/a.c")));
  }
}
