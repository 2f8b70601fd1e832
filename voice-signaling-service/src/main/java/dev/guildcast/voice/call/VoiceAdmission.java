package dev.guildcast.voice.call;

import dev.guildcast.voice.VoiceServer;
import dev.guildcast.voice.VoiceState;
import dev.guildcast.voice.allocation.VoiceServerRegistry;
import dev.guildcast.voice.allocation.VoiceToken;
import dev.guildcast.voice.assignment.VoiceRoster;
import dev.guildcast.voice.call.VoiceSession.Place;
import dev.guildcast.voice.loop.VoiceLoop;
import dev.guildcast.voice.protocol.VoiceCloseCode;
import dev.guildcast.voice.protocol.VoiceCommand.Identify;
import reactor.core.publisher.Mono;

/// Decides whether a client may have a voice session: by the voice state that its main session holds, and its token.
///
/// - **Owner:** the voice loop.
final class VoiceAdmission {
    private final VoiceLoop loop;
    private final VoiceRoster roster;
    private final VoiceServerRegistry registry;

    VoiceAdmission(VoiceLoop loop, VoiceRoster roster, VoiceServerRegistry registry) {
        this.loop = loop;
        this.roster = roster;
        this.registry = registry;
    }

    sealed interface Verdict {
        record Admitted(VoiceState state, Place place) implements Verdict {}

        record Denied(VoiceCloseCode code) implements Verdict {}
    }

    /// By memory if that admits; else, in its turn among the guild's tasks, by what the store holds.
    Mono<Verdict> admit(Identify identify) {
        Verdict known = judge(identify);
        if (known instanceof Verdict.Admitted) {
            return Mono.just(known);
        }
        long guild = identify.server();
        return loop.taskQueues()
                .submit(
                        guild,
                        Mono.defer(() -> roster.refresh(guild))
                                .then(Mono.fromSupplier(() -> judge(identify)))
                                .doFinally(signal -> loop.scheduler().schedule(() -> roster.evictIfEmpty(guild))));
    }

    /// Where the guild's media is; a place without a server is nowhere.
    Place placeOf(long guild) {
        var assignment = roster.snapshot(guild).assignment();
        return new Place(assignment.server(), assignment.version());
    }

    /// Whether this is where the guild's media is, or no live server has been assigned instead.
    boolean isCurrent(long guild, Place place) {
        var current = placeOf(guild);
        return current.equals(place) || registry.server(current.serverId()).isEmpty();
    }

    private Verdict judge(Identify identify) {
        long guild = identify.server();
        var stored = roster.snapshot(guild);
        if (stored.assignment().version() == 0 && stored.states().isEmpty()) {
            return new Verdict.Denied(VoiceCloseCode.SERVER_NOT_FOUND);
        }
        var state = roster.state(guild, identify.user())
                .filter(each -> each.sessionId().equals(identify.sessionId()));
        var server = registry.server(stored.assignment().server()).filter(VoiceServer::mediaOnly);
        // Without a server the client is sent one over its main session as soon as there is one.
        if (state.isEmpty() || server.isEmpty()) {
            return new Verdict.Denied(VoiceCloseCode.SESSION_INVALID);
        }
        var binding = new VoiceToken.Binding(
                identify.user(),
                identify.sessionId(),
                guild,
                state.get().channel(),
                server.get().verifier());
        boolean isGenuine = VoiceToken.verify(
                server.get().tokenKey(),
                identify.token(),
                binding,
                loop.wallClock().instant());
        return isGenuine
                ? new Verdict.Admitted(state.get(), placeOf(guild))
                : new Verdict.Denied(VoiceCloseCode.AUTHENTICATION_FAILED);
    }
}
