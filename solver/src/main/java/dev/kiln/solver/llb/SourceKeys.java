package dev.kiln.solver.llb;

import dev.kiln.solver.Sha256;
import dev.kiln.solver.pb.Platform;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The keys of sources (cache-keys.md, section 5). Stateless. */
public final class SourceKeys {
  private static final String SESSION = "session:";

  private SourceKeys() {}

  /** The cache map's digest of a source with that key; random for keys bound to a session. */
  public static String digest(String key) {
    String digest = Sha256.of("buildkit.source.v0:" + key);
    return key.startsWith(SESSION) ? "random:" + digest.substring("sha256:".length()) : digest;
  }

  /**
   * An image by what its reference resolved to.
   *
   * @param rootDigest digest of the root descriptor, the index if there is one
   * @param platform the op's normalised platform
   * @param layerLimit how many of the lowest layers count; 0 for all
   */
  public static String image(String rootDigest, Platform platform, int layerLimit) {
    GoJson json = new GoJson();
    json.open('{').field("Digest", rootDigest);
    ExecKey.platform(json, platform);
    if (layerLimit > 0) {
      json.name("Limit").number(layerLimit);
    }
    return Sha256.of(json.close('}').toString());
  }

  /**
   * An image by its content: the chain id of its layers.
   *
   * @param diffIds the diff ids that count, lowest first; not empty
   */
  public static String imageContent(List<String> diffIds) {
    String chain = diffIds.get(0);
    for (String diffId : diffIds.subList(1, diffIds.size())) {
      chain = Sha256.of(chain + " " + diffId);
    }
    return chain;
  }

  /**
   * A git checkout.
   *
   * @param sha the commit; with {@code keepGitDir} the tag object if the ref is an annotated tag
   * @param keepGitDir whether the repository's own folder is part of the result
   * @param ref full name of the ref if known; counts with {@code keepGitDir} only
   * @param subdir folder of the checkout; empty for all
   * @param skipSubmodules whether submodules are left out
   * @param mtime where times come from; empty or {@code checkout} for the default
   * @param bundle whether the result is a bundle file
   */
  public static String git(
      String sha,
      boolean keepGitDir,
      String ref,
      String subdir,
      boolean skipSubmodules,
      String mtime,
      boolean bundle) {
    StringBuilder key = new StringBuilder(sha);
    if (keepGitDir) {
      key.append(".git").append(ref.isEmpty() ? "" : "#" + ref);
    }
    key.append(subdir.isEmpty() ? "" : ":" + subdir);
    key.append(skipSubmodules ? "(skip-submodules)" : "");
    key.append(mtime.isEmpty() || mtime.equals("checkout") ? "" : "(mtime=" + mtime + ")");
    return key.append(bundle ? "(bundle)" : "").toString();
  }

  /**
   * A downloaded file.
   *
   * @param filename the resolved name
   * @param checksum digest of the content
   * @param lastModified as an HTTP date; empty when absent or when a checksum pins the content
   * @param authHeaderSecret id of the secret; empty for none
   * @param headers by canonical name
   */
  public static String http(
      String filename,
      long perm,
      long uid,
      long gid,
      String checksum,
      String lastModified,
      String authHeaderSecret,
      Map<String, String> headers) {
    GoJson json = new GoJson();
    json.open('{').field("Filename", filename);
    owner(json, perm, uid, gid).field("Checksum", checksum);
    json.fieldUnlessEmpty("LastModTime", lastModified);
    json.fieldUnlessEmpty("AuthHeaderSecret", authHeaderSecret);
    if (!headers.isEmpty()) {
      json.name("Header").open('[');
      new TreeMap<>(headers)
          .forEach(
              (name, value) ->
                  json.separate().open('{').field("Name", name).field("Value", value).close('}'));
      json.close(']');
    }
    return Sha256.of(json.close('}').toString());
  }

  /** One blob as a file. */
  public static String blob(String digest, String filename, long perm, long uid, long gid) {
    GoJson json = new GoJson();
    json.open('{').field("Digest", digest).field("Filename", filename);
    return Sha256.of(owner(json, perm, uid, gid).close('}').toString());
  }

  private static GoJson owner(GoJson json, long perm, long uid, long gid) {
    return json.name("Perm").number(perm).name("UID").number(uid).name("GID").number(gid);
  }

  /**
   * A client's folder; bound to the session.
   *
   * @param name with the prefix that the session attribute may add
   * @param include null when unset, and so for the other lists
   * @param metadataTransfer whether only metadata is sent
   */
  public static String local(
      String name,
      String sessionId,
      @Nullable List<String> include,
      @Nullable List<String> exclude,
      @Nullable List<String> follow,
      boolean metadataTransfer,
      List<String> metadataExceptions) {
    GoJson json = new GoJson();
    json.open('{').field("SessionID", sessionId);
    list(json, "IncludePatterns", include);
    list(json, "ExcludePatterns", exclude);
    list(json, "FollowPaths", follow);
    if (metadataTransfer) {
      json.name("MetadataTransfer").raw("true");
    }
    if (!metadataExceptions.isEmpty()) {
      json.name("MetadataExceptions").strings(metadataExceptions);
    }
    return SESSION + name + ":" + Sha256.of(json.close('}').toString());
  }

  private static void list(GoJson json, String name, @Nullable List<String> values) {
    json.name(name);
    if (values == null) {
      json.raw("null");
    } else {
      json.strings(values);
    }
  }
}
