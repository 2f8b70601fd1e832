package dev.guildcast.session.attach;

import com.google.protobuf.ByteString;
import dev.guildcast.delivery.v1.CommandNumber;
import dev.guildcast.delivery.v1.Presence;
import dev.guildcast.delivery.v1.RequestMembers;
import dev.guildcast.delivery.v1.SelfDeliver;
import dev.guildcast.delivery.v1.SessionRecord;
import dev.guildcast.delivery.v1.SetPresence;
import dev.guildcast.link.v1.Command;
import dev.guildcast.link.v1.MembersCommand;
import dev.guildcast.session.Session;
import dev.guildcast.session.audience.FullMemberRequests;
import dev.guildcast.session.push.AttachTable;
import dev.guildcast.session.shard.SessionChange;
import dev.guildcast.session.shard.SessionShard;
import dev.guildcast.session.stream.GatewayLink;
import dev.guildcast.session.stream.HostMessages;
import dev.guildcast.shard.OwnedShard;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Appends client commands that change what is delivered to the log, in the order of their numbers.
///
/// The rate limit of requests for all members is checked here, against what has been applied and what is in flight, and
/// the log records the decision.
///
/// - **Owner:** the shard's loop.
/// - **Bound:** [#IN_FLIGHT_MAX] commands of a connection in flight to the log; further ones are ignored.
/// - **Promise:** a number is acknowledged when its record has been applied, and takes effect once.
final class CommandHandler {
    /// Twice what a client may send in a minute; the gateway repeats what was not acknowledged.
    static final int IN_FLIGHT_MAX = 256;
    /// Discord's limit for the nonce of op 8; a longer one is ignored.
    private static final int NONCE_BYTES_MAX = 32;
    /// Discord's limit of presence updates: 5 in 20 s for each session, over all its connections.
    private static final int PRESENCES_MAX = 5;
    private static final long PRESENCES_WINDOW_MILLIS = 20_000;

    private final OwnedShard shard;
    private final SessionShard machine;
    private final AttachTable table;
    private final LogTimeEstimator clock;
    private final AttachMetrics metrics;
    private final Map<Long, Set<Long>> fullMemberRequestsInFlight = new HashMap<>();
    /// By session, from its first presence update until it is closed. Not in the log: a new owner begins new windows.
    private final Map<Long, PresenceWindow> presenceWindows = new HashMap<>();

    /// Counts each update once, although a gateway repeats those that were not acknowledged when it attaches again.
    private static final class PresenceWindow {
        private long startMillis;
        private int used;
        private long attachId;
        private long lastGranted;
        /// The last updates in a row that were not granted; 0: none.
        private long firstRejected;

        private long lastRejected;

        boolean tryAcquire(CommandNumber command, long nowMillis) {
            if (command.getAttachId() != attachId) {
                attachId = command.getAttachId();
                lastGranted = 0;
                firstRejected = 0;
                lastRejected = 0;
            }
            long number = command.getNumber();
            if (number <= Math.max(lastGranted, lastRejected)) {
                return number < firstRejected || number > lastRejected;
            }
            if (used == 0 || nowMillis - startMillis >= PRESENCES_WINDOW_MILLIS) {
                startMillis = nowMillis;
                used = 0;
            }
            if (used < PRESENCES_MAX) {
                used++;
                lastGranted = number;
                return true;
            }
            if (lastRejected <= lastGranted) {
                firstRejected = number;
            }
            lastRejected = number;
            return false;
        }
    }

    CommandHandler(FrontendState state, LogTimeEstimator clock) {
        this.shard = state.shard();
        this.machine = state.machine();
        this.table = state.table();
        this.clock = clock;
        this.metrics = state.context().metrics();
    }

    void submit(GatewayLink link, long offset, Command message) {
        if (!shard.live()) {
            link.send(HostMessages.moved(machine.shard().index(), message.getHandle()));
            return;
        }
        var session = machine.sessions().at(offset);
        var holder = table.holder(offset);
        // From another connection, or from one that must attach again first and then repeats what was not acknowledged.
        if (session == null || holder == null || holder.link() != link || holder.attachId() != message.getAttachId()) {
            return;
        }
        long applied = session.attachId() == holder.attachId() ? session.lastCommand() : 0;
        if (message.getNumber() <= applied) {
            link.send(HostMessages.commandAck(holder.handle(), applied));
            return;
        }
        long next = Math.max(applied, holder.lastCommandAppended()) + 1;
        if (message.getNumber() != next || next - applied > IN_FLIGHT_MAX) {
            return;
        }
        var record = toRecord(session, message);
        if (record != null && shard.append(record.toByteArray())) {
            holder.onCommandAppended(next);
        }
    }

    private @Nullable SessionRecord toRecord(Session session, Command message) {
        var number = CommandNumber.newBuilder()
                .setSessionOffset(session.offset())
                .setAttachId(message.getAttachId())
                .setNumber(message.getNumber())
                .build();
        return switch (message.getCommandCase()) {
            case SET_PRESENCE -> presenceRecord(session, number, message.getSetPresence());
            case REQUEST_MEMBERS -> memberRequestRecord(session, number, message.getRequestMembers());
            case COMMAND_NOT_SET -> null;
        };
    }

    /// Above the limit the record has no presence: it only takes the command's number.
    private SessionRecord presenceRecord(Session session, CommandNumber number, Presence presence) {
        var set = SetPresence.newBuilder().setNonce(shard.nonce()).setCommand(number);
        if (presenceWindows
                .computeIfAbsent(session.offset(), ignored -> new PresenceWindow())
                .tryAcquire(number, clock.nowMillis())) {
            set.setPresence(presence);
        } else {
            metrics.presenceLimited();
        }
        return SessionRecord.newBuilder().setSetPresence(set).build();
    }

    private SessionRecord memberRequestRecord(Session session, CommandNumber number, MembersCommand requested) {
        var request = RequestMembers.newBuilder()
                .setNonce(shard.nonce())
                .setCommand(number)
                .setGuildId(requested.getGuildId())
                .setLimit(requested.getLimit())
                .addAllUserIds(requested.getUserIdsList())
                .setPresences(requested.getPresences());
        if (requested.hasQuery()) {
            request.setQuery(requested.getQuery());
        }
        if (requested.hasNonce()
                && ByteString.copyFromUtf8(requested.getNonce()).size() <= NONCE_BYTES_MAX) {
            request.setClientNonce(requested.getNonce());
        }
        var built = request.build();
        long guildId = built.getGuildId();
        if (!FullMemberRequests.isLimited(session, built, machine.isMember(session.userId(), guildId))) {
            return SessionRecord.newBuilder().setRequestMembers(built).build();
        }
        long waitMillis = fullMemberRequestsInFlight
                        .getOrDefault(session.offset(), Set.of())
                        .contains(guildId)
                ? FullMemberRequests.INTERVAL_MILLIS
                : FullMemberRequests.waitMillis(session, guildId, clock.nowMillis());
        if (waitMillis == 0) {
            fullMemberRequestsInFlight
                    .computeIfAbsent(session.offset(), each -> new HashSet<>())
                    .add(guildId);
            return SessionRecord.newBuilder().setRequestMembers(built).build();
        }
        metrics.limited();
        return SessionRecord.newBuilder()
                .setSelfDeliver(SelfDeliver.newBuilder()
                        .setNonce(shard.nonce())
                        .setCommand(number)
                        .setType("RATE_LIMITED")
                        .setData(RateLimitedPayload.data(built, waitMillis)))
                .build();
    }

    /// A command was applied, validly or as void.
    void onCommandApplied(SessionChange.OfCommand change) {
        var number = change.command();
        if (change instanceof SessionChange.MembersRequested requested && change.nonce() == shard.nonce()) {
            var guilds = fullMemberRequestsInFlight.get(number.getSessionOffset());
            if (guilds != null && guilds.remove(requested.request().getGuildId()) && guilds.isEmpty()) {
                fullMemberRequestsInFlight.remove(number.getSessionOffset());
            }
        }
        var holder = table.holder(number.getSessionOffset());
        if (holder != null
                && holder.attachId() == number.getAttachId()
                && holder.session().attachId() == holder.attachId()
                && holder.session().lastCommand() >= number.getNumber()) {
            holder.link()
                    .send(HostMessages.commandAck(
                            holder.handle(), holder.session().lastCommand()));
        }
    }

    /// A Close was applied, validly or as void.
    void onCloseApplied(SessionChange.Closed closed) {
        var session = closed.session();
        if (session != null) {
            fullMemberRequestsInFlight.remove(session.offset());
            presenceWindows.remove(session.offset());
        }
    }
}
