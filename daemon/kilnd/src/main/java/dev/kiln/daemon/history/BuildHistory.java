package dev.kiln.daemon.history;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.kiln.daemon.build.Build;
import dev.kiln.daemon.control.History;
import dev.kiln.daemon.progress.WireProgress;
import dev.kiln.daemon.trace.BuildTrace;
import dev.kiln.snapshotter.content.ContentStore;
import dev.kiln.snapshotter.content.Digest;
import dev.kiln.snapshotter.snapshot.RecordStore;
import dev.kiln.wire.control.BuildHistoryEvent;
import dev.kiln.wire.control.BuildHistoryEventType;
import dev.kiln.wire.control.BuildHistoryRecord;
import dev.kiln.wire.control.BuildHistoryRequest;
import dev.kiln.wire.control.Descriptor;
import dev.kiln.wire.control.StatusResponse;
import dev.kiln.wire.control.UpdateBuildHistoryRequest;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The records of builds, kept over restarts (control.md, section 8). Their logs are blobs of the
 * content store. Safe for use by many threads.
 */
public final class BuildHistory implements History {
  private static final byte[] PREFIX = "build/".getBytes(StandardCharsets.UTF_8);

  /** Events that wait for one slow listener; beyond that it misses the oldest. */
  private static final int LISTENER_EVENTS = 4096;

  /** Told to listeners when the daemon stops. */
  private static final BuildHistoryEvent STOP = BuildHistoryEvent.newBuilder().build();

  private final RecordStore store;
  private final ContentStore content;
  private final Clock clock;
  private final HistoryLimits limits;
  private final PendingTraces traces = new PendingTraces(PendingTraces.DELAY, this::writeTrace);

  /** Held from the change of a record in memory to its being written. */
  private final ReentrantLock writes = new ReentrantLock();

  private final AtomicInteger tracesInWork = new AtomicInteger();
  private final Map<String, BuildHistoryRecord> records = new TreeMap<>();
  private final Map<String, BuildHistoryRecord> active = new TreeMap<>();
  private final List<BlockingQueue<BuildHistoryEvent>> listeners = new CopyOnWriteArrayList<>();

  private BuildHistory(RecordStore store, ContentStore content, HistoryLimits limits, Clock clock) {
    this.store = store;
    this.content = content;
    this.limits = limits;
    this.clock = clock;
  }

  /** Opens the history and reads what is recorded. A damaged record is left out. */
  public static BuildHistory open(
      RecordStore store, ContentStore content, HistoryLimits limits, Clock clock)
      throws IOException {
    BuildHistory history = new BuildHistory(store, content, limits, clock);
    store.scan(
        PREFIX,
        (key, value) -> {
          try {
            BuildHistoryRecord record = BuildHistoryRecord.parseFrom(value);
            history.records.put(record.getRef(), record);
          } catch (InvalidProtocolBufferException e) {
            org.slf4j.LoggerFactory.getLogger(BuildHistory.class)
                .warn("a build record is damaged and left out", e);
          }
        });
    return history;
  }

  private static byte[] key(String ref) {
    return ("build/" + ref).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public Recording begin(Build build) {
    BuildHistoryRecord record =
        BuildHistoryRecord.newBuilder()
            .setRef(build.ref())
            .setFrontend(build.request().getFrontend())
            .putAllFrontendAttrs(build.request().getFrontendAttrsMap())
            .addAllExporters(build.request().getExportersList())
            .setCreatedAt(WireProgress.timestamp(clock.instant()))
            .build();
    synchronized (this) {
      active.put(build.ref(), record);
      publish(BuildHistoryEventType.STARTED, record);
    }
    return (response, failure, results) ->
        end(build, RecordFinish.finish(record, build, content, clock, response, failure, results));
  }

  private void end(Build build, BuildHistoryRecord record) throws IOException {
    save(record);
    synchronized (this) {
      active.remove(build.ref());
      records.put(record.getRef(), record);
      publish(BuildHistoryEventType.COMPLETE, record);
    }
    traces.add(record.getRef(), build.trace());
    trim();
  }

  private void writeTrace(String ref, BuildTrace trace) throws IOException, InterruptedException {
    byte[] blob = TraceBlob.of(trace.spans());
    tracesInWork.incrementAndGet();
    try {
      Descriptor descriptor =
          Descriptor.newBuilder()
              .setMediaType(TraceBlob.MEDIA_TYPE)
              .setDigest(content.put(blob).text())
              .setSize(blob.length)
              .build();
      if (!change(ref, record -> record.setTrace(descriptor))) {
        content.delete(new Digest(descriptor.getDigest()));
      }
    } finally {
      tracesInWork.decrementAndGet();
    }
  }

  /** Whether a blob is being written that no record names yet. */
  public boolean isWriting() {
    return tracesInWork.get() > 0;
  }

  /** Writes the traces of builds that ended a moment ago, since the daemon stops. */
  public void finishTraces() {
    traces.finishAll();
  }

  /** Changes a record of an ended build; false when it is gone. */
  private boolean change(String ref, UnaryOperator<BuildHistoryRecord.Builder> change)
      throws IOException {
    writes.lock();
    try {
      BuildHistoryRecord changed;
      synchronized (this) {
        BuildHistoryRecord record = records.get(ref);
        if (record == null) {
          return false;
        }
        changed =
            change.apply(record.toBuilder()).setGeneration(record.getGeneration() + 1).build();
        records.put(ref, changed);
      }
      save(changed);
      synchronized (this) {
        publish(BuildHistoryEventType.COMPLETE, changed);
      }
      return true;
    } finally {
      writes.unlock();
    }
  }

  private void save(BuildHistoryRecord record) throws IOException {
    store.apply(List.of(new RecordStore.Change(key(record.getRef()), record.toByteArray())));
  }

  private void trim() throws IOException {
    List<BuildHistoryRecord> all;
    synchronized (this) {
      all = List.copyOf(records.values());
    }
    for (BuildHistoryRecord old : limits.expired(all, clock.instant())) {
      delete(old.getRef());
    }
  }

  private void publish(BuildHistoryEventType type, BuildHistoryRecord record) {
    BuildHistoryEvent event =
        BuildHistoryEvent.newBuilder().setType(type).setRecord(record).build();
    for (BlockingQueue<BuildHistoryEvent> listener : listeners) {
      while (!listener.offer(event)) {
        listener.poll();
      }
    }
  }

  @Override
  public boolean replay(String ref, StreamObserver<StatusResponse> out) throws IOException {
    BuildHistoryRecord record;
    synchronized (this) {
      record = active.containsKey(ref) ? null : records.get(ref);
    }
    if (record == null || !record.hasLogs()) {
      return false;
    }
    Digest digest = new Digest(record.getLogs().getDigest());
    if (!content.contains(digest)) {
      return false;
    }
    try (InputStream in = content.openStream(digest)) {
      StatusLog.read(in, out::onNext);
    }
    return true;
  }

  @Override
  public void listen(BuildHistoryRequest request, StreamObserver<BuildHistoryEvent> out)
      throws InterruptedException {
    BlockingQueue<BuildHistoryEvent> queue = new LinkedBlockingQueue<>(LISTENER_EVENTS);
    List<BuildHistoryEvent> first;
    synchronized (this) {
      first = listing(request);
      if (!request.getEarlyExit()) {
        listeners.add(queue);
      }
    }
    try {
      first.forEach(out::onNext);
      while (!request.getEarlyExit()) {
        BuildHistoryEvent event = queue.take();
        if (!event.hasRecord()) {
          return;
        }
        if (request.getRef().isEmpty() || request.getRef().equals(event.getRecord().getRef())) {
          out.onNext(event);
        }
      }
    } finally {
      listeners.remove(queue);
    }
  }

  private List<BuildHistoryEvent> listing(BuildHistoryRequest request) {
    List<BuildHistoryEvent> events = new ArrayList<>();
    active.values().stream()
        .filter(record -> isWanted(request, record))
        .forEach(
            record ->
                events.add(
                    BuildHistoryEvent.newBuilder()
                        .setType(BuildHistoryEventType.STARTED)
                        .setRecord(record)
                        .build()));
    if (request.getActiveOnly()) {
      return events;
    }
    List<BuildHistoryRecord> stored =
        records.values().stream().filter(record -> isWanted(request, record)).toList();
    for (BuildHistoryRecord record :
        HistoryFilter.select(stored, request.getFilterList(), request.getLimit(), clock)) {
      events.add(
          BuildHistoryEvent.newBuilder()
              .setType(BuildHistoryEventType.COMPLETE)
              .setRecord(record)
              .build());
    }
    return events;
  }

  private static boolean isWanted(BuildHistoryRequest request, BuildHistoryRecord record) {
    return request.getRef().isEmpty() || request.getRef().equals(record.getRef());
  }

  /** Lets all listeners go, since the daemon stops. */
  public void stopListeners() {
    for (BlockingQueue<BuildHistoryEvent> listener : listeners) {
      listener.clear();
      listener.add(STOP);
    }
  }

  /** The blobs that records name. */
  public synchronized Set<Digest> blobs() {
    Set<Digest> blobs = new HashSet<>();
    records.values().forEach(record -> RecordBlobs.collect(record, blobs));
    return blobs;
  }

  @Override
  public void update(UpdateBuildHistoryRequest request) throws IOException {
    if (request.getDelete()) {
      delete(request.getRef());
      return;
    }
    synchronized (this) {
      BuildHistoryRecord record = records.get(request.getRef());
      if (record == null) {
        throw unknown(request.getRef());
      }
      if (!request.getFinalize() && record.getPinned() == request.getPinned()) {
        return;
      }
    }
    if (request.getFinalize()) {
      traces.finish(request.getRef());
    } else if (!change(request.getRef(), record -> record.setPinned(request.getPinned()))) {
      throw unknown(request.getRef());
    }
  }

  private static RuntimeException unknown(String ref) {
    return Status.UNKNOWN
        .withDescription("failed to retrieve ref " + ref + ": file does not exist")
        .asRuntimeException();
  }

  /** What only the record needs. */
  private static List<Descriptor> ownBlobs(BuildHistoryRecord record) {
    List<Descriptor> blobs = new ArrayList<>(record.getResult().getAttestationsList());
    record.getResultsMap().values().forEach(each -> blobs.addAll(each.getAttestationsList()));
    blobs.add(record.getLogs());
    blobs.add(record.getTrace());
    blobs.add(record.getExternalError());
    blobs.removeIf(blob -> blob.getDigest().isEmpty());
    return blobs;
  }

  private void delete(String ref) throws IOException {
    traces.finish(ref);
    @Nullable BuildHistoryRecord gone;
    writes.lock();
    try {
      synchronized (this) {
        gone = records.remove(ref);
        if (gone == null) {
          throw unknown(ref);
        }
        publish(BuildHistoryEventType.DELETED, BuildHistoryRecord.newBuilder().setRef(ref).build());
      }
      store.apply(List.of(new RecordStore.Change(key(ref), null)));
    } finally {
      writes.unlock();
    }
    for (Descriptor blob : ownBlobs(gone)) {
      content.delete(new Digest(blob.getDigest()));
    }
  }
}
