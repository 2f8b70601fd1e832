package dev.guildcast.voice.signaling;

import dev.guildcast.contract.SessionId;
import dev.guildcast.voice.VoiceServer;
import dev.guildcast.voice.VoiceState;
import dev.guildcast.voice.allocation.VoiceServerAllocator;
import dev.guildcast.voice.channel.VoiceRoster;
import dev.guildcast.voice.event.VoicePublisher;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/// Takes guilds off a voice server that died or drains.
///
/// A crash is told as a server without an endpoint and then the next one, a drain as the next one alone. A guild for
/// which there is none, or whose log does not take the news, is tried again.
///
/// - **Owner:** the voice loop.
/// - **Bound:** [#AT_ONCE] guilds under way; no more wait than the roster has.
final class GuildMoves {
    /// Guilds moved at a time.
    static final int AT_ONCE = 64;

    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Logger LOG = LoggerFactory.getLogger(GuildMoves.class);

    /// How clients learn of it.
    enum Reason {
        CRASH,
        DRAIN
    }

    private final Clock clock;
    private final Scheduler loop;
    private final GuildChains chains;
    private final VoiceRoster roster;
    private final VoiceServerAllocator allocator;
    private final VoicePublisher publisher;
    private final VoiceSignaling signaling;
    private final VoiceTokens tokens;
    private final VoiceMetrics metrics;
    private final Map<Long, Move> moves = new LinkedHashMap<>();
    private final Set<Long> underWay = new HashSet<>();

    GuildMoves(
            Clock clock,
            Scheduler loop,
            GuildChains chains,
            VoiceRoster roster,
            VoiceServerAllocator allocator,
            VoicePublisher publisher,
            VoiceSignaling signaling,
            VoiceTokens tokens,
            VoiceMetrics metrics) {
        this.clock = clock;
        this.loop = loop;
        this.chains = chains;
        this.roster = roster;
        this.allocator = allocator;
        this.publisher = publisher;
        this.signaling = signaling;
        this.tokens = tokens;
        this.metrics = metrics;
    }

    /// @param region where the server was; empty: unknown
    void onLost(Collection<Long> guilds, String server, String region, Reason reason) {
        for (long guild : guilds) {
            Move known = moves.get(guild);
            if (known == null || !known.from.equals(server)) {
                moves.put(guild, new Move(guild, server, region, reason == Reason.CRASH, clock.instant()));
            }
        }
        onTick();
    }

    /// Begins as many moves as may run.
    void onTick() {
        if (underWay.size() >= AT_ONCE || moves.isEmpty()) {
            return;
        }
        Instant now = clock.instant();
        moves.values().stream()
                .filter(move -> !move.notBefore.isAfter(now) && !underWay.contains(move.guild))
                .limit(AT_ONCE - underWay.size())
                .toList()
                .forEach(this::begin);
    }

    int waitingCount() {
        return moves.size();
    }

    private void begin(Move move) {
        underWay.add(move.guild);
        chains.run(move.guild, Mono.defer(() -> roster.refresh(move.guild)).then(Mono.defer(() -> carryOut(move))))
                .onErrorResume(failure -> {
                    LOG.debug("a guild waits for a voice server: {}", failure.toString());
                    return Mono.just(Optional.of(move));
                })
                .subscribe(again -> loop.schedule(() -> onEnded(move, again)));
    }

    private void onEnded(Move move, Optional<Move> again) {
        underWay.remove(move.guild);
        // Meanwhile the guild may have lost the next server, too: then that move stands.
        if (moves.remove(move.guild, move)) {
            again.ifPresent(
                    next -> moves.put(move.guild, next.after(clock.instant().plus(RETRY))));
        }
    }

    /// What is left to do, if anything.
    private Mono<Optional<Move>> carryOut(Move move) {
        var known = roster.known(move.guild);
        var states = known.states();
        if (states.isEmpty() || !known.assignment().server().equals(move.from)) {
            roster.forgetIfEmpty(move.guild);
            return Mono.just(Optional.empty());
        }
        return tellGone(move, states)
                .then(Mono.defer(() -> allocator
                        .replacement(move.guild, move.region, move.from)
                        .flatMap(server -> server.isEmpty()
                                ? Mono.just(Optional.of(move.told()))
                                : tellNext(states, server.get()).thenReturn(Optional.<Move>empty()))));
    }

    private Mono<Void> tellGone(Move move, List<VoiceState> states) {
        return move.tellGone
                ? Flux.fromIterable(states)
                        .concatMap(state -> Mono.justOrEmpty(SessionId.parse(state.sessionId()))
                                .flatMap(session ->
                                        publisher.server(state.guild(), session, tokens.closed(), Optional.empty())))
                        .then()
                : Mono.empty();
    }

    private Mono<Void> tellNext(List<VoiceState> states, VoiceServer server) {
        metrics.moved();
        return Flux.fromIterable(states)
                .publishOn(loop)
                .concatMap(state -> signaling.send(state, server))
                .then();
    }

    /// @param tellGone clients have yet to hear that the server is gone
    private record Move(long guild, String from, String region, boolean tellGone, Instant notBefore) {
        Move told() {
            return new Move(guild, from, region, false, notBefore);
        }

        Move after(Instant time) {
            return new Move(guild, from, region, tellGone, time);
        }
    }
}
