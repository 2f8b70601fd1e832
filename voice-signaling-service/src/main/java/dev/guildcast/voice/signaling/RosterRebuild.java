package dev.guildcast.voice.signaling;

import dev.guildcast.voice.VoiceState;
import dev.guildcast.voice.admission.GuildVoice;
import dev.guildcast.voice.channel.VoiceRoster;
import dev.guildcast.voice.v1.VoiceSessionRef;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/// Learns from a server's reports who is in voice, where neither memory nor the store knows: the server says which
/// session has a socket, the guild's view says in which channel.
///
/// - **Owner:** the voice loop.
/// - **Bound:** [#AT_ONCE] guilds at a time; [#DOUBTED_MAX] sessions that nobody confirmed, each asked for again only
///   after a while.
final class RosterRebuild {
    static final int AT_ONCE = 8;
    static final int DOUBTED_MAX = 10_000;
    private static final Duration ASK_AGAIN = Duration.ofSeconds(10);

    private final Clock clock;
    private final Scheduler loop;
    private final GuildChains chains;
    private final GuildVoice guilds;
    private final VoiceRoster roster;
    private final Map<VoiceSessionRef, Instant> askedAt = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<VoiceSessionRef, Instant> eldest) {
            return size() > DOUBTED_MAX;
        }
    };

    RosterRebuild(Clock clock, Scheduler loop, GuildChains chains, GuildVoice guilds, VoiceRoster roster) {
        this.clock = clock;
        this.loop = loop;
        this.chains = chains;
        this.guilds = guilds;
        this.roster = roster;
    }

    void onReport(String server, List<VoiceSessionRef> sessions) {
        Instant now = clock.instant();
        var unknown = sessions.stream()
                .filter(ref -> roster.state(ref.getGuildId(), ref.getUserId()).isEmpty())
                .filter(ref -> roster.hasRoomFor(ref.getGuildId()))
                .filter(ref -> !now.isBefore(askedAt.getOrDefault(ref, Instant.MIN)))
                .collect(Collectors.groupingBy(VoiceSessionRef::getGuildId));
        unknown.values().forEach(refs -> refs.forEach(ref -> askedAt.put(ref, now.plus(ASK_AGAIN))));
        Flux.fromIterable(unknown.entrySet())
                .flatMap(
                        entry -> chains.run(entry.getKey(), rebuild(entry.getKey(), server, entry.getValue()))
                                .onErrorComplete(),
                        AT_ONCE)
                .subscribe();
    }

    private Mono<Void> rebuild(long guild, String server, List<VoiceSessionRef> refs) {
        return Mono.defer(() -> roster.refresh(guild))
                .flatMapMany(known -> Flux.fromIterable(refs))
                .concatMap(ref ->
                        roster.state(guild, ref.getUserId()).isPresent() ? Mono.<Void>empty() : confirm(ref, server))
                .doFinally(signal -> loop.schedule(() -> roster.forgetIfEmpty(guild)))
                .then();
    }

    private Mono<Void> confirm(VoiceSessionRef ref, String server) {
        return guilds.admit(ref.getGuildId(), 0, ref.getUserId())
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
                            roster.known(ref.getGuildId()).assignment().version() == 0;
                    return roster.put(state)
                            .then(Mono.defer(() -> unassigned
                                    ? roster.assign(ref.getGuildId(), server).then()
                                    : Mono.empty()));
                });
    }
}
