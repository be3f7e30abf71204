package dev.kiln.integration.git;

import com.google.protobuf.ByteString;
import dev.kiln.integration.Run;
import dev.kiln.integration.Tools;
import dev.kiln.integration.Workshop;
import dev.kiln.solver.pb.Definition;
import dev.kiln.solver.pb.Input;
import dev.kiln.solver.pb.Op;
import dev.kiln.solver.pb.SourceOp;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A build definition of one git source, with the attributes that no Dockerfile sets. Immutable.
 *
 * @param identifier behind {@code git://}
 */
record GitRequest(String identifier, Map<String, String> attributes) {

  /** The default branch of a repository. */
  static GitRequest of(String url) {
    return of(url, "");
  }

  /** A ref of a repository. */
  static GitRequest of(String url, String ref) {
    String place = url.substring(url.indexOf("://") + "://".length());
    String fragment = ref.isEmpty() ? "" : "#" + ref;
    return new GitRequest(place + fragment, Map.of("git.fullurl", url));
  }

  GitRequest with(String attribute, String value) {
    Map<String, String> more = new TreeMap<>(attributes);
    more.put(attribute, value);
    return new GitRequest(identifier, more);
  }

  /** Lets buildctl build it into a folder. */
  Run build(Workshop shop, Path out, String... more) throws Exception {
    Path file = shop.fresh("definition");
    Files.write(file, definition().toByteArray());
    List<String> command =
        new ArrayList<>(
            List.of(
                "/bin/sh",
                "-c",
                "exec \"$@\" <" + file,
                "sh",
                Tools.require("buildctl"),
                "--addr=" + shop.kilnd().address(),
                "build",
                "--progress=plain",
                "--output=type=local,dest=" + out));
    command.addAll(List.of(more));
    return Run.of(command.toArray(String[]::new));
  }

  private Definition definition() throws Exception {
    ByteString source =
        Op.newBuilder()
            .setSource(
                SourceOp.newBuilder().setIdentifier("git://" + identifier).putAllAttrs(attributes))
            .build()
            .toByteString();
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(source.toByteArray());
    String digest = "sha256:" + HexFormat.of().formatHex(hash);
    ByteString end =
        Op.newBuilder().addInputs(Input.newBuilder().setDigest(digest)).build().toByteString();
    return Definition.newBuilder().addDef(source).addDef(end).build();
  }
}
