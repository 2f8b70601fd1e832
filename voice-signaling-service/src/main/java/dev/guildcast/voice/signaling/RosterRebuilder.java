package dev.guildcast.voice.signaling;

import dev.guildcast.voice.VoiceState;
import dev.guildcast.voice.assignment.VoiceRoster;
import dev.guildcast.voice.loop.GuildTaskQueues;
import dev.guildcast.voice.loop.VoiceLoop;
import dev.guildcast.voice.permission.GuildVoiceQuery;
import dev.guildcast.voice.v1.VoiceSessionRef;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/// Rebuilds the roster from a server's reports if neither memory nor the store has it: the server reports which session
/// has a socket, the guild's view has the channel.
///
/// - **Owner:** the voice loop.
/// - **Bound:** [#GUILDS_IN_FLIGHT_MAX] guilds at a time; [#UNCONFIRMED_MAX] unconfirmed sessions, each queried again
///   only after [#RETRY_INTERVAL].
final class RosterRebuilder {
    /// Guilds of one report rebuilt at a time: half of the bulkhead of one owner, which joins need, too.
    static final int GUILDS_IN_FLIGHT_MAX = 8;

    /// Sessions whose next query is remembered, under 1 KB each; the oldest are dropped and may be queried earlier.
    static final int UNCONFIRMED_MAX = 10_000;

    /// Between queries for a session that the guild's view does not confirm; servers report every 2 s by default.
    private static final Duration RETRY_INTERVAL = Duration.ofSeconds(10);

    private final LongSupplier nanoTime;
    private final Scheduler loop;
    private final GuildTaskQueues taskQueues;
    private final GuildVoiceQuery guildQuery;
    private final VoiceRoster roster;
    private final Map<VoiceSessionRef, Long> nextQueryNanos = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<VoiceSessionRef, Long> eldest) {
            return size() > UNCONFIRMED_MAX;
        }
    };

    RosterRebuilder(VoiceLoop voiceLoop, GuildVoiceQuery guildQuery, VoiceRoster roster) {
        this.nanoTime = voiceLoop.nanoTime();
        this.loop = voiceLoop.scheduler();
        this.taskQueues = voiceLoop.taskQueues();
        this.guildQuery = guildQuery;
        this.roster = roster;
    }

    void onReport(String server, List<VoiceSessionRef> sessions) {
        long nowNanos = nanoTime.getAsLong();
        var unknown = sessions.stream()
                .filter(ref -> roster.state(ref.getGuildId(), ref.getUserId()).isEmpty())
                .filter(ref -> roster.hasRoomFor(ref.getGuildId()))
                .filter(ref -> nowNanos - nextQueryNanos.getOrDefault(ref, nowNanos) >= 0)
                .collect(Collectors.groupingBy(VoiceSessionRef::getGuildId));
        unknown.values()
                .forEach(refs -> refs.forEach(ref -> nextQueryNanos.put(ref, nowNanos + RETRY_INTERVAL.toNanos())));
        Flux.fromIterable(unknown.entrySet())
                .flatMap(
                        entry -> taskQueues
                                .submit(entry.getKey(), rebuild(entry.getKey(), server, entry.getValue()))
                                .onErrorComplete(),
                        GUILDS_IN_FLIGHT_MAX)
                .subscribe();
    }

    private Mono<Void> rebuild(long guild, String server, List<VoiceSessionRef> refs) {
        return Mono.defer(() -> roster.refresh(guild))
                .flatMapMany(stored -> Flux.fromIterable(refs))
                .concatMap(ref ->
                        roster.state(guild, ref.getUserId()).isPresent() ? Mono.<Void>empty() : confirm(ref, server))
                .doFinally(signal -> loop.schedule(() -> roster.evictIfEmpty(guild)))
                .then();
    }

    private Mono<Void> confirm(VoiceSessionRef ref, String server) {
        return guildQuery
                .checkJoin(ref.getGuildId(), 0, ref.getUserId())
                .publishOn(loop)
                .filter(view ->
                        view.currentChannel() != 0 && view.currentSessionId().equals(ref.getSessionId()))
                .flatMap(view -> {
                    var state = new VoiceState(
                            ref.getGuildId(),
                            view.currentChannel(),
                            ref.getUserId(),
                            ref.getSessionId(),
                            false,
                            false,
                            false,
                            view.serverMute(),
                            view.serverDeaf(),
                            view.member());
                    boolean unassigned =
                            roster.snapshot(ref.getGuildId()).assignment().version() == 0;
                    return roster.putState(state)
                            .then(Mono.defer(() -> unassigned
                                    ? roster.assign(ref.getGuildId(), server).then()
                                    : Mono.empty()));
                });
    }
}
