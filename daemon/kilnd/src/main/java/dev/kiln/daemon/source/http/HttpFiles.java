package dev.kiln.daemon.source.http;

import dev.kiln.daemon.op.SessionMounts;
import dev.kiln.daemon.source.OneFile;
import dev.kiln.daemon.source.ResolvedSources;
import dev.kiln.daemon.worker.Version;
import dev.kiln.snapshotter.ref.ImmutableRef;
import dev.kiln.snapshotter.ref.RefException;
import dev.kiln.snapshotter.ref.RefStore;
import dev.kiln.solver.Job;
import dev.kiln.wire.session.RemoteUpload;
import dev.kiln.wire.session.Session;
import dev.kiln.wire.session.SessionRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Downloads files, and knows those that were downloaded before: a server that still has the same
 * file by its entity tag is not asked for the content again. Safe for use by many threads.
 */
final class HttpFiles {
  private static final Logger LOG = LoggerFactory.getLogger(HttpFiles.class);

  /** Host of URLs whose content the client uploads. */
  private static final String SESSION_HOST = "buildkit-session";

  private static final String AGENT = "kiln/" + Version.KILN + " buildkit/v0.31";
  private static final String META_URL = "http.url";
  private static final String META_DIGEST = "http.checksum";
  private static final String META_TAG = "http.etag";
  private static final String META_MODIFIED = "http.modtime";

  private final RefStore refs;
  private final SessionRegistry sessions;
  private final OneFile files;
  private final ResolvedSources resolved;
  private final Path mountFolder;
  private final HttpTransport transport = new HttpTransport();

  HttpFiles(RefStore refs, SessionRegistry sessions, ResolvedSources resolved, Path mountFolder) {
    this.refs = refs;
    this.sessions = sessions;
    this.resolved = resolved;
    this.mountFolder = mountFolder;
    this.files = new OneFile(refs, mountFolder);
  }

  Path mountFolder() {
    return mountFolder;
  }

  /**
   * Who wants a file.
   *
   * @param jobs the builds; what is found is kept until they end
   * @param sessions ids of their clients' sessions, asked for anew each time
   */
  record Asker(List<Job> jobs, Supplier<List<String>> sessions) {}

  /** A tree that was downloaded before. */
  private record Former(ImmutableRef tree, String tag) implements AutoCloseable {
    @Override
    public void close() {
      tree.close();
    }
  }

  /**
   * What the options ask for: by its digest alone if that is known, else downloaded. What must be
   * signed is downloaded and checked in any case.
   *
   * @throws IOException when the server does not give it, or not with the wanted digest, or what it
   *     gives was not signed
   */
  HttpContent find(HttpOptions options, Asker asker) throws Exception {
    HttpSignature signature = options.signature();
    if (signature == null && !options.checksum().isEmpty()) {
      String name = HttpUrls.filename(options.url(), options.file().name(), null);
      return new HttpContent(options.checksum(), name, null, null);
    }
    HttpContent content = resolve(options, asker);
    if (signature != null) {
      HttpPayload.check(this, options, content, asker, signature);
    }
    return content;
  }

  /**
   * What a URL stands for, downloaded if need be.
   *
   * @throws IOException when the server does not give it, or not with the wanted digest
   */
  HttpContent resolve(HttpOptions options, Asker asker) throws Exception {
    HttpContent content =
        resolved.get(
            asker.jobs(),
            options.downloadKey(),
            HttpContent.class,
            known -> refs.contains(String.valueOf(known.refId())),
            () -> revalidate(options, asker));
    options.check(content.digest());
    return content;
  }

  /** The tree of a file; downloads it when it is gone. */
  ImmutableRef tree(HttpOptions options, @Nullable HttpContent known, Asker asker)
      throws Exception {
    if (known != null && known.refId() != null) {
      try {
        return refs.get(known.refId());
      } catch (RefException e) {
        LOG.debug("the tree of {} is gone, it is downloaded again", options.url());
      }
    }
    HttpContent fresh =
        resolved.find(
            asker.jobs(),
            options.downloadKey(),
            HttpContent.class,
            each -> refs.contains(String.valueOf(each.refId())));
    if (fresh != null) {
      options.check(fresh.digest());
      return refs.get(String.valueOf(fresh.refId()));
    }
    try (HttpTransport.Answer answer = get(options, asker, Map.of())) {
      ImmutableRef tree = save(options, answer);
      String digest = tree.meta(META_DIGEST).orElse("");
      if (known != null && !digest.equals(known.digest())) {
        tree.close();
        throw new IOException("digest mismatch " + digest + ": " + known.digest());
      }
      return tree;
    }
  }

  private HttpContent revalidate(HttpOptions options, Asker asker) throws Exception {
    Map<String, Former> formers = formers(options);
    try {
      Map<String, String> condition =
          formers.isEmpty()
              ? Map.of()
              : Map.of("If-None-Match", String.join(", ", formers.keySet()));
      if (!formers.isEmpty()) {
        // Some servers give tags but do not honour conditions, so the tags are compared here first.
        HttpContent same = head(options, asker, condition, formers);
        if (same != null) {
          return same;
        }
      }
      try (HttpTransport.Answer answer = get(options, asker, condition)) {
        if (answer.status() == 304) {
          return unchanged(options, asker, answer, formers);
        }
        ImmutableRef tree = save(options, answer);
        hold(tree, asker);
        return content(options, tree, answer);
      }
    } finally {
      formers.values().forEach(Former::close);
    }
  }

  private Map<String, Former> formers(HttpOptions options) throws IOException {
    Map<String, Former> formers = new LinkedHashMap<>();
    for (String id : refs.findByMeta(META_URL, options.downloadKey())) {
      try {
        ImmutableRef tree = refs.get(id);
        String tag = tree.meta(META_TAG).orElse("");
        if (tag.isEmpty() || formers.putIfAbsent(tag, new Former(tree, tag)) != null) {
          tree.close();
        }
      } catch (RefException e) {
        LOG.debug("a former download of {} is gone", options.url());
      }
    }
    return formers;
  }

  private @Nullable HttpContent head(
      HttpOptions options, Asker asker, Map<String, String> condition, Map<String, Former> formers)
      throws Exception {
    Map<String, String> headers = headers(options, asker);
    headers.putAll(condition);
    try (HttpTransport.Answer answer = transport.send("HEAD", options.url(), headers)) {
      boolean says = answer.status() == 200 || answer.status() == 304;
      Former same = says ? same(answer, formers) : null;
      return same == null ? null : held(options, asker, answer, same);
    } catch (IOException e) {
      LOG.debug("could not ask for the head of {}", options.url(), e);
      return null;
    }
  }

  private HttpContent unchanged(
      HttpOptions options, Asker asker, HttpTransport.Answer answer, Map<String, Former> formers)
      throws IOException {
    Former same = same(answer, formers);
    if (same == null) {
      throw new IOException("invalid not-modified ETag: " + tag(answer));
    }
    return held(options, asker, answer, same);
  }

  private HttpContent held(
      HttpOptions options, Asker asker, HttpTransport.Answer answer, Former same) {
    hold(same.tree().retain(), asker);
    return content(options, same.tree(), answer);
  }

  private static @Nullable Former same(HttpTransport.Answer answer, Map<String, Former> formers) {
    String tag = tag(answer);
    if (tag.isEmpty() && answer.status() == 304 && formers.size() == 1) {
      // Asked about one tag only, the server need not repeat it.
      return formers.values().iterator().next();
    }
    return formers.get(tag);
  }

  private static String tag(HttpTransport.Answer answer) {
    String tag = answer.header("ETag");
    return tag == null ? "" : tag.startsWith("W/") ? tag.substring(2) : tag;
  }

  /** Keeps a tree as long as the builds run, so that nobody prunes it before it is used. */
  private static void hold(ImmutableRef tree, Asker asker) {
    for (Job job : asker.jobs()) {
      job.onClose(tree.retain()::close);
    }
    tree.close();
  }

  private static HttpContent content(
      HttpOptions options, ImmutableRef tree, HttpTransport.Answer answer) {
    return new HttpContent(
        tree.meta(META_DIGEST).orElse(""),
        HttpUrls.filename(
            options.url(), options.file().name(), answer.header("Content-Disposition")),
        HttpDates.parse(tree.meta(META_MODIFIED).orElse(null)),
        tree.id());
  }

  private HttpTransport.Answer get(HttpOptions options, Asker asker, Map<String, String> condition)
      throws Exception {
    if (HttpUrls.authority(options.url()).equals(SESSION_HOST)) {
      return upload(options, asker);
    }
    Map<String, String> headers = headers(options, asker);
    headers.putAll(condition);
    HttpTransport.Answer answer = transport.send("GET", options.url(), headers);
    if (answer.status() < 200 || answer.status() >= 400) {
      answer.close();
      throw new IOException(
          "could not fetch "
              + HttpUrls.withoutUser(HttpUrls.uri(options.url()))
              + ": invalid response status "
              + answer.status());
    }
    return answer;
  }

  private HttpTransport.Answer upload(HttpOptions options, Asker asker) {
    InputStream body =
        sessions
            .group(asker.sessions().get())
            .any(
                (Session session) ->
                    new RemoteUpload(session).pull(HttpUrls.path(options.url()), SESSION_HOST));
    return new HttpTransport.Answer(
        200, java.net.http.HttpHeaders.of(Map.of(), (name, value) -> true), body);
  }

  private ImmutableRef save(HttpOptions options, HttpTransport.Answer answer) throws IOException {
    String modified = answer.header("Last-Modified");
    Instant time = HttpDates.parse(modified);
    OneFile.Made made =
        files.make(
            "http url " + options.url(),
            options.file(),
            HttpUrls.filename(
                options.url(), options.file().name(), answer.header("Content-Disposition")),
            time == null ? Instant.EPOCH : time,
            answer.body());
    ImmutableRef tree = made.tree();
    tree.putMeta(META_DIGEST, made.digest());
    if (modified != null) {
      tree.putMeta(META_MODIFIED, modified);
    }
    String tag = tag(answer);
    if (!tag.isEmpty()) {
      tree.putMeta(META_TAG, tag);
      tree.putMeta(META_URL, options.downloadKey());
    }
    return tree;
  }

  private Map<String, String> headers(HttpOptions options, Asker asker) throws Exception {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("User-Agent", AGENT);
    headers.putAll(options.headers());
    try (SessionMounts secrets =
        new dev.kiln.daemon.session.ClientMounts(sessions, asker.sessions(), mountFolder)) {
      String authorization = authorization(options, secrets);
      if (!authorization.isEmpty()) {
        headers.put("Authorization", authorization);
      }
    }
    return headers;
  }

  private static String authorization(HttpOptions options, SessionMounts secrets)
      throws IOException, InterruptedException {
    String id = options.authHeaderSecret();
    if (!id.isEmpty()) {
      try {
        return text(secrets.value(id, false));
      } catch (IOException e) {
        throw new IOException(
            "failed to retrieve HTTP auth secret " + id + ": " + e.getMessage(), e);
      }
    }
    String host = HttpUrls.host(options.url());
    String token = optional(secrets, "HTTP_AUTH_TOKEN_" + host);
    return token.isEmpty() ? optional(secrets, "HTTP_AUTH_HEADER_" + host) : "Bearer " + token;
  }

  private static String optional(SessionMounts secrets, String id) throws InterruptedException {
    try {
      return text(secrets.value(id, true));
    } catch (IOException e) {
      LOG.debug("could not ask the client for the secret {}", id, e);
      return "";
    }
  }

  private static String text(byte @Nullable [] value) {
    return value == null ? "" : new String(value, StandardCharsets.UTF_8);
  }
}
