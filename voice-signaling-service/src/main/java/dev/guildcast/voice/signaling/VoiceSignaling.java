package dev.guildcast.voice.signaling;

import dev.guildcast.voice.VoiceState;
import dev.guildcast.voice.allocation.VoiceServerAllocator;
import dev.guildcast.voice.assignment.VoiceRoster;
import dev.guildcast.voice.loop.GuildTaskQueues;
import dev.guildcast.voice.loop.VoiceLoop;
import dev.guildcast.voice.permission.GuildVoiceQuery;
import dev.guildcast.voice.permission.GuildVoiceQuery.Admission;
import dev.guildcast.voice.v1.UpdateStateRequest;
import dev.guildcast.voice.v1.UpdateStateResponse.Verdict;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/// Handles op 4 and the end of sessions: joins, moves, mutes and leaves.
///
/// The voice state is appended to the guild's log before the voice server, and the second append begins only when the
/// first has been acknowledged: clients drop a server update that arrives before its state.
///
/// - **Owner:** the voice loop; calls may come from any thread.
/// - **Bound:** the queue of [GuildTaskQueues], and [#RECENT_GUILDS_MAX] guilds whose last change is remembered.
final class VoiceSignaling {
    /// Guilds whose last change is remembered; without it a user's next op 4 only costs a new token.
    private static final int RECENT_GUILDS_MAX = 10_000;

    /// Guilds that a closed session leaves at a time; a user is rarely in voice in more than one.
    private static final int GUILDS_IN_FLIGHT_MAX = 16;

    /// After our own change memory is trusted over the guild's view for this long: the view applies the log later.
    private static final Duration VIEW_LAG = Duration.ofSeconds(5);

    private final LongSupplier nanoTime;
    private final Scheduler loop;
    private final GuildTaskQueues taskQueues;
    private final GuildVoiceQuery guildQuery;
    private final VoiceRoster roster;
    private final VoiceSockets sockets;
    private final VoiceServerAllocator allocator;
    private final VoiceUpdateSender updates;
    private final Map<Long, Long> changedNanos = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Long> eldest) {
            return size() > RECENT_GUILDS_MAX;
        }
    };

    VoiceSignaling(
            VoiceLoop voiceLoop,
            GuildVoiceQuery guildQuery,
            VoiceRoster roster,
            VoiceSockets sockets,
            VoiceServerAllocator allocator,
            VoiceUpdateSender updates) {
        this.nanoTime = voiceLoop.nanoTime();
        this.loop = voiceLoop.scheduler();
        this.taskQueues = voiceLoop.taskQueues();
        this.guildQuery = guildQuery;
        this.roster = roster;
        this.sockets = sockets;
        this.allocator = allocator;
        this.updates = updates;
    }

    /// Op 4. Fails when the guild's owner or its log cannot be reached; the client may send it again.
    Mono<Verdict> updateState(UpdateStateRequest request) {
        var task = Mono.defer(() -> request.getChannelId() == 0 ? leave(request) : join(request));
        return taskQueues.submit(
                request.getGuildId(),
                Mono.defer(() -> roster.refresh(request.getGuildId()))
                        .then(task)
                        .doFinally(signal -> loop.schedule(() -> roster.evictIfEmpty(request.getGuildId()))));
    }

    /// A session was closed: it leaves voice in every guild. Fails when a guild's log cannot be reached.
    Mono<Void> onSessionClosed(long user, String sessionId) {
        return Mono.defer(() -> roster.guildsOf(user))
                .subscribeOn(loop)
                .flatMapMany(Flux::fromIterable)
                .flatMap(
                        guild -> taskQueues.submit(
                                guild,
                                Mono.defer(() -> roster.refresh(guild))
                                        .then(Mono.defer(() -> roster.state(guild, user)
                                                .filter(state ->
                                                        state.sessionId().equals(sessionId))
                                                .map(this::disconnect)
                                                .orElse(Mono.empty())))),
                        GUILDS_IN_FLIGHT_MAX)
                .then();
    }

    private Mono<Verdict> leave(UpdateStateRequest request) {
        long guild = request.getGuildId();
        long user = request.getUserId();
        var current = roster.state(guild, user);
        if (current.isPresent()) {
            return current.get().sessionId().equals(request.getSessionId())
                    ? disconnect(current.get()).thenReturn(Verdict.DONE)
                    : Mono.just(Verdict.NOT_IN_VOICE);
        }
        // Unknown here, but clients may still show the user in a channel.
        return guildQuery.checkJoin(guild, 0, user).publishOn(loop).flatMap(admission -> {
            boolean sameSession = admission.currentChannel() != 0
                    && admission.currentSessionId().equals(request.getSessionId())
                    && !admission.member().isEmpty();
            return sameSession
                    ? disconnect(state(request, admission)).thenReturn(Verdict.DONE)
                    : Mono.just(Verdict.NOT_IN_VOICE);
        });
    }

    /// Publishes that the user left, and removes the state.
    Mono<Void> disconnect(VoiceState state) {
        return updates.publishState(state.asLeft()).publishOn(loop).then(removeState(state));
    }

    /// Removes the state of a user who, according to the guild's log, is in no channel, and drops them from the server.
    Mono<Void> removeState(VoiceState state) {
        return Mono.defer(() -> {
            changedNanos.put(state.guild(), nanoTime.getAsLong());
            updates.dropFrom(serverIdOf(state.guild()), state);
            return roster.putState(state.asLeft());
        });
    }

    /// Follows a move that is already in the guild's log: sends the session a new token. A repeated call sends another.
    Mono<Void> applyMove(VoiceState from, VoiceState to) {
        updates.dropFrom(serverIdOf(from.guild()), from);
        return allocator
                .allocate(to.guild(), "", "")
                .flatMap(server ->
                        server.map(next -> updates.sendToServer(to, next)).orElse(Mono.empty()))
                .publishOn(loop)
                .then(Mono.defer(() -> {
                    changedNanos.put(to.guild(), nanoTime.getAsLong());
                    sockets.onState(to);
                    return roster.putState(to);
                }));
    }

    /// Follows what a moderator decided about a user's sound, which is already in the guild's log.
    Mono<Void> applyModeration(VoiceState state) {
        sockets.onState(state);
        return roster.putState(state);
    }

    private String serverIdOf(long guild) {
        return roster.snapshot(guild).assignment().server();
    }

    private Mono<Verdict> join(UpdateStateRequest request) {
        if (!roster.hasRoomFor(request.getGuildId())) {
            return Mono.just(Verdict.NO_SERVER);
        }
        return guildQuery
                .checkJoin(request.getGuildId(), request.getChannelId(), request.getUserId())
                .publishOn(loop)
                .flatMap(admission -> switch (admission.verdict()) {
                    case ALLOWED -> onAdmitted(state(request, admission), admission, request.getPreferredRegion());
                    case NO_PERMISSION, NOT_A_MEMBER -> Mono.just(Verdict.NOT_ALLOWED);
                    case NO_SUCH_CHANNEL -> Mono.just(Verdict.NO_SUCH_CHANNEL);
                    case FULL -> Mono.just(Verdict.FULL);
                });
    }

    private Mono<Verdict> onAdmitted(VoiceState next, Admission admission, String preferredRegion) {
        var current = roster.state(next.guild(), next.user()).filter(state -> agreesWithView(state, admission));
        boolean alreadyJoined = current.filter(state ->
                        state.channel() == next.channel() && state.sessionId().equals(next.sessionId()))
                .isPresent();
        String serverId = serverIdOf(next.guild());
        if (alreadyJoined && sockets.isOpen(serverId, next)) {
            return publishState(next).thenReturn(Verdict.DONE);
        }
        return allocator
                .allocate(next.guild(), admission.region(), preferredRegion)
                .flatMap(server -> {
                    if (server.isEmpty()) {
                        // A user who is in already is sent a server when one is available.
                        return alreadyJoined
                                ? publishState(next).thenReturn(Verdict.DONE)
                                : Mono.just(Verdict.NO_SERVER);
                    }
                    if (!alreadyJoined) {
                        current.ifPresent(state -> updates.dropFrom(serverId, state));
                    }
                    return publishState(next)
                            .then(updates.sendToServer(next, server.get()))
                            .thenReturn(Verdict.DONE);
                });
    }

    /// Whether the state in memory is still valid: moderators may move or disconnect a user, too.
    private boolean agreesWithView(VoiceState state, Admission admission) {
        Long lastChange = changedNanos.get(state.guild());
        boolean changedRecently = lastChange != null && nanoTime.getAsLong() - lastChange < VIEW_LAG.toNanos();
        return changedRecently
                || (admission.currentChannel() == state.channel()
                        && admission.currentSessionId().equals(state.sessionId()));
    }

    private Mono<Void> publishState(VoiceState state) {
        return updates.publishState(state).publishOn(loop).then(Mono.defer(() -> {
            changedNanos.put(state.guild(), nanoTime.getAsLong());
            sockets.onState(state);
            return roster.putState(state);
        }));
    }

    private static VoiceState state(UpdateStateRequest request, Admission admission) {
        return new VoiceState(
                request.getGuildId(),
                request.getChannelId(),
                request.getUserId(),
                request.getSessionId(),
                request.getSelfMute(),
                request.getSelfDeaf(),
                request.getSelfVideo(),
                admission.serverMute(),
                admission.serverDeaf(),
                admission.member());
    }
}
