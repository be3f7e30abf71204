package dev.kiln.daemon.source;

import dev.kiln.daemon.provenance.Capture;
import dev.kiln.daemon.provenance.Captured;
import dev.kiln.daemon.session.ForeseenFiles;
import dev.kiln.daemon.worker.RefResult;
import dev.kiln.daemon.worker.TreeHashes;
import dev.kiln.snapshotter.checksum.ContentChanges;
import dev.kiln.snapshotter.checksum.ContentHash;
import dev.kiln.snapshotter.pattern.IgnorePatterns;
import dev.kiln.snapshotter.ref.ImmutableRef;
import dev.kiln.snapshotter.ref.MutableRef;
import dev.kiln.snapshotter.ref.RecordType;
import dev.kiln.snapshotter.ref.RefException;
import dev.kiln.snapshotter.ref.RefMount;
import dev.kiln.snapshotter.ref.RefOptions;
import dev.kiln.snapshotter.ref.RefStore;
import dev.kiln.snapshotter.snapshot.MountPoint;
import dev.kiln.solver.CacheMap;
import dev.kiln.solver.OpContext;
import dev.kiln.solver.Operation;
import dev.kiln.solver.Result;
import dev.kiln.solver.llb.SourceKeys;
import dev.kiln.wire.session.RemoteFiles;
import dev.kiln.wire.session.Session;
import dev.kiln.wire.session.SessionRegistry;
import dev.kiln.wire.transfer.ChecksumListener;
import dev.kiln.wire.transfer.ReceiveOptions;
import dev.kiln.wire.transfer.TreeReceiver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's folder. What was sent last time under the same shared key is kept, so that only
 * changes are sent (session.md, section 5.4). Bound to its session: it never hits a cache by
 * definition.
 */
final class LocalSource implements Operation, Captured {
  private static final Logger log = LoggerFactory.getLogger(LocalSource.class);
  private static final String META_KEY = "local.sharedkey";

  private final LocalOptions options;
  private final SessionRegistry sessions;
  private final RefStore refs;
  private final ForeseenFiles files;
  private final TreeHashes hashes;
  private final Path mountFolder;

  LocalSource(
      LocalOptions options,
      SessionRegistry sessions,
      RefStore refs,
      ForeseenFiles files,
      TreeHashes hashes,
      Path mountFolder) {
    this.options = options;
    this.sessions = sessions;
    this.refs = refs;
    this.files = files;
    this.hashes = hashes;
    this.mountFolder = mountFolder;
  }

  @Override
  public void capture(Capture into) {
    into.addLocal(options.name());
  }

  @Override
  public CacheMap cacheMap(int index, OpContext context) throws IOException {
    String session = options.session().isEmpty() ? first(context) : options.session();
    String key =
        SourceKeys.local(
            options.name(),
            session,
            options.include(),
            options.exclude(),
            options.follow(),
            options.metadataOnly(),
            options.metadataExceptions());
    return new CacheMap(SourceKeys.digest(key), List.of(), true);
  }

  private static String first(OpContext context) throws IOException {
    List<String> ids = context.sessions();
    if (ids.isEmpty() || ids.getFirst().isEmpty()) {
      throw new IOException("could not access local files without session");
    }
    return ids.getFirst();
  }

  @Override
  public List<Result> run(List<Result> inputs, OpContext context) throws Exception {
    List<String> ids =
        options.session().isEmpty() ? context.sessions() : List.of(options.session());
    if (ids.isEmpty()) {
      throw new IOException("could not access local files without session");
    }
    return sessions.group(ids).any(session -> List.of(receive(session, context)));
  }

  private Result receive(Session session, OpContext context) throws IOException {
    String key = options.name() + ":" + options.sharedKeyHint() + ":" + session.sharedKey();
    if (options.metadataOnly()) {
      key += ":metadata";
    }
    MutableRef ref = former(key);
    String formerId = ref == null ? null : ref.id();
    if (ref == null) {
      ref =
          refs.newMutable(
              null,
              RefOptions.described("local source for " + options.name())
                  .withType(RecordType.SOURCE_LOCAL)
                  .withMeta(META_KEY, key)
                  .retained());
    }
    boolean received = false;
    try {
      ContentHash hash = receiveInto(ref, formerId, session, context);
      String kept = ref.id();
      ImmutableRef tree = ref.commit();
      received = true;
      hashes.keep(kept, tree.id(), hash);
      return new RefResult(tree);
    } finally {
      if (!received) {
        // Between two states, with digests of neither: the next transfer would take every file
        // anew.
        ref.discard();
      }
    }
  }

  private @Nullable MutableRef former(String key) throws IOException {
    for (String id : refs.findByMeta(META_KEY, key)) {
      try {
        return refs.getMutable(id);
      } catch (RefException e) {
        log.debug("{} is read by another build right now, a second copy is made", id);
      }
    }
    return null;
  }

  private ContentHash receiveInto(
      MutableRef ref, @Nullable String formerId, Session session, OpContext context)
      throws IOException {
    ContentHash former = formerId == null ? null : hashes.take(formerId).orElse(null);
    ContentChanges changes = new ContentChanges(former);
    TransferStatus status = new TransferStatus(context.progress(), options.name());
    ReceiveOptions wanted =
        ReceiveOptions.CONTEXT
            .withListener(new ChecksumListener(changes))
            .withProgress(status::transferred);
    if (options.compareNothing() || (formerId != null && former == null)) {
      // Without the digests of what is kept, every file must come again to learn them.
      wanted = wanted.withExisting(ReceiveOptions.Existing.REPLACED);
    }
    if (options.metadataOnly()) {
      IgnorePatterns exceptions = IgnorePatterns.of(options.metadataExceptions());
      wanted = wanted.withMetadataOnly(exceptions::matches);
    }
    try (RefMount mount = ref.mount();
        MountPoint point = MountPoint.open(mount.mounts(), mountFolder);
        var stream =
            files.open(
                session,
                new RemoteFiles.Request(
                    options.name(),
                    orEmpty(options.include()),
                    orEmpty(options.exclude()),
                    orEmpty(options.follow())))) {
      TreeReceiver.receive(stream, point.path(), wanted);
    } finally {
      status.end();
    }
    return changes.finish();
  }

  private static List<String> orEmpty(@Nullable List<String> list) {
    return list == null ? List.of() : list;
  }
}
