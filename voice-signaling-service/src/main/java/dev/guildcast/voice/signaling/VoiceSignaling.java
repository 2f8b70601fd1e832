package dev.guildcast.voice.signaling;

import dev.guildcast.contract.SessionId;
import dev.guildcast.voice.VoiceServer;
import dev.guildcast.voice.VoiceState;
import dev.guildcast.voice.admission.GuildVoice;
import dev.guildcast.voice.admission.GuildVoice.Admission;
import dev.guildcast.voice.allocation.VoiceServerAllocator;
import dev.guildcast.voice.allocation.VoiceServerRegistry;
import dev.guildcast.voice.channel.VoiceRoster;
import dev.guildcast.voice.event.VoicePublisher;
import dev.guildcast.voice.v1.Drop;
import dev.guildcast.voice.v1.Expect;
import dev.guildcast.voice.v1.ServerOrder;
import dev.guildcast.voice.v1.UpdateStateRequest;
import dev.guildcast.voice.v1.UpdateStateResponse.Verdict;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/// Op 4, and the end of a session: who joins, moves, mutes, leaves.
///
/// A state is appended to the guild's log before the server that carries it, and the second append begins only when the
/// first has been acknowledged: clients drop a server without its state.
///
/// - **Owner:** the voice loop; calls may come from any thread.
/// - **Bound:** what [GuildChains] lets wait, and [#RECENT_MAX] guilds whose last change is remembered.
final class VoiceSignaling {
    private static final int RECENT_MAX = 10_000;
    private static final int GUILDS_AT_ONCE = 16;

    /// Our own word is newer than the guild's view for this long: the view follows when the log was applied.
    private static final Duration VIEW_LAG = Duration.ofSeconds(5);

    private final Clock clock;
    private final Scheduler loop;
    private final GuildChains chains;
    private final GuildVoice guilds;
    private final VoiceRoster roster;
    private final VoiceServerRegistry registry;
    private final VoiceServerAllocator allocator;
    private final VoicePublisher publisher;
    private final VoiceTokens tokens;
    private final Map<Long, Instant> changedAt = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Instant> eldest) {
            return size() > RECENT_MAX;
        }
    };

    VoiceSignaling(
            Clock clock,
            Scheduler loop,
            GuildChains chains,
            GuildVoice guilds,
            VoiceRoster roster,
            VoiceServerRegistry registry,
            VoiceServerAllocator allocator,
            VoicePublisher publisher,
            VoiceTokens tokens) {
        this.clock = clock;
        this.loop = loop;
        this.chains = chains;
        this.guilds = guilds;
        this.roster = roster;
        this.registry = registry;
        this.allocator = allocator;
        this.publisher = publisher;
        this.tokens = tokens;
    }

    /// Op 4. Fails when the guild's owner or its log cannot be reached; then nothing was promised to anyone.
    Mono<Verdict> update(UpdateStateRequest request) {
        var task = Mono.defer(() -> request.getChannelId() == 0 ? leave(request) : join(request));
        return chains.run(
                request.getGuildId(),
                Mono.defer(() -> roster.refresh(request.getGuildId()))
                        .then(task)
                        .doFinally(signal -> loop.schedule(() -> roster.forgetIfEmpty(request.getGuildId()))));
    }

    /// A session ended: it leaves voice wherever it is. Fails when a guild's log cannot be reached.
    Mono<Void> closed(long user, String sessionId) {
        return Mono.defer(() -> roster.guildsOf(user))
                .subscribeOn(loop)
                .flatMapMany(Flux::fromIterable)
                .flatMap(
                        guild -> chains.run(
                                guild,
                                Mono.defer(() -> roster.refresh(guild))
                                        .then(Mono.defer(() -> roster.state(guild, user)
                                                .filter(state ->
                                                        state.sessionId().equals(sessionId))
                                                .map(this::depart)
                                                .orElse(Mono.empty())))),
                        GUILDS_AT_ONCE)
                .then();
    }

    private Mono<Verdict> leave(UpdateStateRequest request) {
        long guild = request.getGuildId();
        long user = request.getUserId();
        var known = roster.state(guild, user);
        if (known.isPresent()) {
            return known.get().sessionId().equals(request.getSessionId())
                    ? depart(known.get()).thenReturn(Verdict.DONE)
                    : Mono.just(Verdict.NOT_IN_VOICE);
        }
        // Forgotten here, but clients may still see them in a channel.
        return guilds.admit(guild, 0, user).publishOn(loop).flatMap(admission -> {
            boolean theirs = admission.currentChannel() != 0
                    && admission.currentSessionId().equals(request.getSessionId())
                    && !admission.member().isEmpty();
            return theirs
                    ? depart(state(request, admission)).thenReturn(Verdict.DONE)
                    : Mono.just(Verdict.NOT_IN_VOICE);
        });
    }

    /// Tells everybody that the user left, and forgets the state.
    Mono<Void> depart(VoiceState state) {
        return publisher.state(state.left()).publishOn(loop).then(forget(state));
    }

    /// Takes a user off the voice server who is in no channel any more, as the guild's log says.
    Mono<Void> forget(VoiceState state) {
        return Mono.defer(() -> {
            changedAt.put(state.guild(), clock.instant());
            registry.order(carrierOf(state.guild()), drop(state));
            return roster.put(state.left());
        });
    }

    /// Sends a session with a new token to where the guild's log has moved it. Done again, it tells a newer one.
    Mono<Void> follow(VoiceState from, VoiceState to) {
        registry.order(carrierOf(from.guild()), drop(from));
        return allocator
                .serverOf(to.guild(), "", "")
                .flatMap(server -> server.map(next -> send(to, next)).orElse(Mono.empty()))
                .publishOn(loop)
                .then(Mono.defer(() -> {
                    changedAt.put(to.guild(), clock.instant());
                    return roster.put(to);
                }));
    }

    private String carrierOf(long guild) {
        return roster.known(guild).assignment().server();
    }

    private Mono<Verdict> join(UpdateStateRequest request) {
        if (!roster.hasRoomFor(request.getGuildId())) {
            return Mono.just(Verdict.NO_SERVER);
        }
        return guilds.admit(request.getGuildId(), request.getChannelId(), request.getUserId())
                .publishOn(loop)
                .flatMap(admission -> switch (admission.verdict()) {
                    case ALLOWED -> admitted(state(request, admission), admission, request.getPreferredRegion());
                    case NO_PERMISSION, NOT_A_MEMBER -> Mono.just(Verdict.NOT_ALLOWED);
                    case NO_SUCH_CHANNEL -> Mono.just(Verdict.NO_SUCH_CHANNEL);
                    case FULL -> Mono.just(Verdict.FULL);
                });
    }

    private Mono<Verdict> admitted(VoiceState next, Admission admission, String preferredRegion) {
        var current = roster.state(next.guild(), next.user()).filter(state -> viewAgrees(state, admission));
        boolean stays = current.filter(state ->
                        state.channel() == next.channel() && state.sessionId().equals(next.sessionId()))
                .isPresent();
        String carrier = carrierOf(next.guild());
        if (stays && registry.socketLives(carrier, next.guild(), next.user(), next.sessionId())) {
            return enter(next).thenReturn(Verdict.DONE);
        }
        return allocator
                .serverOf(next.guild(), admission.region(), preferredRegion)
                .flatMap(server -> {
                    if (server.isEmpty()) {
                        // Whoever is in already is told of a server when there is one.
                        return stays ? enter(next).thenReturn(Verdict.DONE) : Mono.just(Verdict.NO_SERVER);
                    }
                    if (!stays) {
                        current.ifPresent(state -> registry.order(carrier, drop(state)));
                    }
                    return enter(next).then(send(next, server.get())).thenReturn(Verdict.DONE);
                });
    }

    /// Whether the state that memory has is still true: others may move and disconnect a user, too.
    private boolean viewAgrees(VoiceState state, Admission admission) {
        Instant changed = changedAt.get(state.guild());
        boolean ahead = changed != null && clock.instant().isBefore(changed.plus(VIEW_LAG));
        return ahead
                || (admission.currentChannel() == state.channel()
                        && admission.currentSessionId().equals(state.sessionId()));
    }

    private Mono<Void> enter(VoiceState state) {
        return publisher.state(state).publishOn(loop).then(Mono.defer(() -> {
            changedAt.put(state.guild(), clock.instant());
            return roster.put(state);
        }));
    }

    /// Sends a session to a server: the server hears of it first.
    Mono<Void> send(VoiceState state, VoiceServer server) {
        return Mono.defer(() -> {
            String token = tokens.mint(server, state);
            registry.order(server.id(), expect(state, token));
            return SessionId.parse(state.sessionId())
                    .map(session -> publisher.server(state.guild(), session, token, Optional.of(server.endpoint())))
                    .orElse(Mono.empty());
        });
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

    private static ServerOrder expect(VoiceState state, String token) {
        return ServerOrder.newBuilder()
                .setExpect(Expect.newBuilder()
                        .setGuildId(state.guild())
                        .setChannelId(state.channel())
                        .setUserId(state.user())
                        .setSessionId(state.sessionId())
                        .setToken(token))
                .build();
    }

    private static ServerOrder drop(VoiceState state) {
        return ServerOrder.newBuilder()
                .setDrop(Drop.newBuilder()
                        .setGuildId(state.guild())
                        .setUserId(state.user())
                        .setSessionId(state.sessionId()))
                .build();
    }
}
