package dev.guildcast.session.link;

import dev.guildcast.session.delivery.SessionRecords;
import dev.guildcast.session.dispatch.Numbered;
import dev.guildcast.session.dispatch.Renderer;
import dev.guildcast.session.resume.LogPayloadReader;
import dev.guildcast.session.resume.LoggedRecord;
import dev.guildcast.session.resume.PayloadWindow;
import dev.guildcast.session.resume.ResumeRing;
import dev.guildcast.session.shard.SessionShard;
import dev.guildcast.shard.OwnedShard;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Moves sessions from their cursors to the newest dispatch: cursor, ring, stream.
///
/// The ring is the only buffer. A session that has everything gets what is applied at once; one that is behind, or
/// whose gateway takes no more, waits here for its turn and is then served from the ring.
///
/// - **Owner:** the shard's loop.
/// - **Bound:** each attached session waits once; a turn is [#TURN_ENTRIES] or one batch, so that a long replay holds
///   up nobody; [#PUMP_TURNS] at a time, so that it does not hold up the log.
/// - **Promise:** entries of a session leave in order without a gap; ReplayDone after everything before its mark.
final class CursorPump implements GatewayLink.Waiting {
    private static final int TURN_ENTRIES = 64;
    private static final int PUMP_TURNS = 64;
    private static final int READ_RECORDS = 64;

    private final OwnedShard shard;
    private final SessionShard machine;
    private final AttachTable table;
    private final PayloadWindow window;
    private final LogPayloadReader reader;
    private final BatchWriter writer;
    private final Fallen fallen;
    // In the order of their coming, which does not differ from run to run.
    private final Map<GatewayLink, ArrayDeque<AttachedSession>> queues = new LinkedHashMap<>();
    private final List<AttachedSession> readLater = new ArrayList<>();

    CursorPump(
            OwnedShard shard,
            SessionShard machine,
            AttachTable table,
            PayloadWindow window,
            LogPayloadReader reader,
            BatchWriter writer,
            Fallen fallen) {
        this.shard = shard;
        this.machine = machine;
        this.table = table;
        this.window = window;
        this.reader = reader;
        this.writer = writer;
        this.fallen = fallen;
    }

    /// A session was given a sequence by the record just applied.
    void onNumbered(Numbered numbered, LoggedRecord logged, long offset) {
        var holder = table.holder(numbered.session().offset());
        if (holder == null || holder.parked) {
            return;
        }
        if (holder.queued || holder.cursor != numbered.sequence() - 1 || !holder.link.canPush()) {
            enqueue(holder);
            return;
        }
        var record = logged.record();
        writer.entry(
                holder,
                numbered.sequence(),
                offset,
                numbered.payload(),
                logged.publishedMillis(),
                () -> record.hasDeliver()
                        ? Renderer.payload(record.getDeliver(), numbered.payload())
                        : Renderer.render(record, numbered.session()));
        holder.cursor = numbered.sequence();
    }

    /// The session is, or may be, behind.
    void enqueue(AttachedSession holder) {
        if (!holder.queued && !holder.parked) {
            holder.queued = true;
            queues.computeIfAbsent(holder.link, link -> new ArrayDeque<>()).add(holder);
        }
    }

    /// Serves everyone who waits, as far as their gateways take it.
    void pumpAll() {
        writer.flushAll();
        for (var link : List.copyOf(queues.keySet())) {
            pump(link);
        }
    }

    /// Reads that the log's reader had no room for.
    void onTick() {
        if (!readLater.isEmpty()) {
            var again = List.copyOf(readLater);
            readLater.clear();
            for (var holder : again) {
                holder.queued = false;
                enqueue(holder);
            }
            pumpAll();
        }
    }

    void onLinkClosed(GatewayLink link) {
        queues.remove(link);
    }

    void clear() {
        queues.clear();
        readLater.clear();
    }

    @Override
    public void offerPump(GatewayLink link) {
        shard.execute(() -> pump(link));
    }

    private void pump(GatewayLink link) {
        var queue = queues.get(link);
        if (queue == null) {
            return;
        }
        for (int turn = 0; !queue.isEmpty(); turn++) {
            if (!link.canPush()) {
                writer.flush(link);
                link.callWhenWritable(this);
                return;
            }
            if (turn == PUMP_TURNS) {
                writer.flush(link);
                offerPump(link);
                return;
            }
            var holder = queue.poll();
            holder.queued = false;
            if (table.holds(holder) && !holder.parked) {
                turn(holder);
            }
        }
        queues.remove(link);
        writer.flush(link);
    }

    private void turn(AttachedSession holder) {
        var ring = machine.ring(holder.session);
        long bytes = 0;
        for (int n = 0; holder.isBehind() && n < TURN_ENTRIES && bytes < BatchWriter.BATCH_BYTES; n++) {
            int next = holder.cursor + 1;
            if (next < ring.firstSequence()) {
                fallen.outOfRing(holder);
                return;
            }
            long offset = ring.offset(next);
            var logged = find(holder, offset);
            if (logged == null) {
                read(holder, ring);
                return;
            }
            var record = logged.record();
            int payload =
                    record.hasDeliver() ? SessionRecords.payloadFor(record.getDeliver(), holder.session.offset()) : 0;
            var dispatch = Renderer.render(record, holder.session);
            writer.entry(holder, next, offset, payload, logged.publishedMillis(), () -> dispatch);
            bytes += dispatch.data().size();
            holder.cursor = next;
        }
        if (holder.isBehind()) {
            enqueue(holder);
        } else {
            holder.fetched = Map.of();
            sayWhenReplayed(holder);
        }
    }

    /// Tells the gateway once that the replay is complete, after the entries themselves.
    void sayWhenReplayed(AttachedSession holder) {
        holder.replayDone()
                .ifPresent(last -> writer.control(holder.link, HostMessages.replayDone(holder.handle, last)));
    }

    private @Nullable LoggedRecord find(AttachedSession holder, long offset) {
        var fetched = holder.fetched.get(offset);
        return fetched != null ? fetched : window.at(offset);
    }

    private void read(AttachedSession holder, ResumeRing ring) {
        long[] offsets = new long[Math.min(READ_RECORDS, ring.lastSequence() - holder.cursor)];
        int wanted = 0;
        while (wanted < offsets.length) {
            long offset = ring.offset(holder.cursor + 1 + wanted);
            if (window.at(offset) != null) {
                break;
            }
            offsets[wanted++] = offset;
        }
        holder.queued = true;
        long[] missing = Arrays.copyOf(offsets, wanted);
        var offer = reader.offerRead(
                machine.shard().index(), missing, reading -> shard.execute(() -> onRead(holder, reading)));
        if (offer != LogPayloadReader.Offer.ACCEPTED) {
            readLater.add(holder);
        }
    }

    private void onRead(AttachedSession holder, LogPayloadReader.Reading reading) {
        if (!table.holds(holder) || holder.parked) {
            holder.queued = false;
            return;
        }
        switch (reading) {
            case LogPayloadReader.Reading.Records records -> {
                holder.queued = false;
                holder.fetched = records.byOffset();
                enqueue(holder);
                pump(holder.link);
            }
            case LogPayloadReader.Reading.Trimmed trimmed -> fallen.outOfLog(holder);
            case LogPayloadReader.Reading.Failed failed -> readLater.add(holder);
        }
    }

    /// What happens to a session that cannot be sent what comes next.
    interface Fallen {
        /// The ring has forgotten it: the gateway asks again and is told.
        void outOfRing(AttachedSession holder);

        /// The log has forgotten it.
        void outOfLog(AttachedSession holder);
    }
}
