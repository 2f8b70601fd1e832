package dev.guildcast.voice.signaling;

import dev.guildcast.event.v1.GuildEvent;
import dev.guildcast.event.v1.GuildRecord;
import dev.guildcast.event.v1.Mutation;
import dev.guildcast.voice.VoiceState;
import dev.guildcast.voice.admission.GuildVoice;
import dev.guildcast.voice.admission.GuildVoice.Admission;
import dev.guildcast.voice.admission.GuildVoice.Verdict;
import dev.guildcast.voice.channel.VoiceRoster;
import java.util.function.Predicate;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/// What others do to those in voice: a backend's moderator moves or disconnects a user, a member or a channel goes.
///
/// A record of the guild's log says only that it is time to look. Where a user is now, the guild's view says once it
/// has applied all that stands in the log: what the shard refused or had seen before changes nothing here either, and
/// of a moderator and an op 4 at the same time the one that the log has last is right.
///
/// - **Owner:** the voice loop.
/// - **Bound:** what [GuildChains] lets wait.
final class BackendChanges {
    /// Voice-signaling's own publishers: `voice/` and the node.
    private static final String OURS = "voice/";

    private final Scheduler loop;
    private final GuildChains chains;
    private final GuildVoice guilds;
    private final VoiceRoster roster;
    private final VoiceSignaling signaling;

    BackendChanges(
            Scheduler loop, GuildChains chains, GuildVoice guilds, VoiceRoster roster, VoiceSignaling signaling) {
        this.loop = loop;
        this.chains = chains;
        this.guilds = guilds;
        this.roster = roster;
        this.signaling = signaling;
    }

    /// Fails when the guild's owner or its log cannot be reached; may then be done again.
    Mono<Void> onRecord(GuildRecord record) {
        return switch (record.getRecordCase()) {
            case EVENT -> onEvent(record.getEvent());
            case DOCUMENT_END -> look(record.getDocumentEnd().getGuildId(), state -> true);
            case CLAIM, CHECKPOINTED, DOCUMENT_PART, SUBSCRIBE, UNSUBSCRIBE, MEMBERS_REQUEST, RECORD_NOT_SET ->
                Mono.empty();
        };
    }

    private Mono<Void> onEvent(GuildEvent event) {
        if (event.getPublication().getPublisher().startsWith(OURS)) {
            return Mono.empty();
        }
        Mutation change = event.getMutation();
        return switch (change.getChangeCase()) {
            case VOICE_STATE -> {
                long user = change.getVoiceState().getUserId();
                yield look(event.getGuildId(), state -> state.user() == user);
            }
            case MEMBER_GONE -> {
                long user = change.getMemberGone().getUserId();
                yield look(event.getGuildId(), state -> state.user() == user);
            }
            case CHANNEL_GONE -> {
                long channel = change.getChannelGone().getId();
                yield look(event.getGuildId(), state -> state.channel() == channel);
            }
            case GUILD,
                    GUILD_GONE,
                    OUTAGE,
                    ROLE,
                    ROLE_GONE,
                    CHANNEL,
                    MEMBER,
                    THREAD_MEMBERS,
                    LIST,
                    LIST_ITEM,
                    CHANGE_NOT_SET -> Mono.empty();
        };
    }

    private Mono<Void> look(long guild, Predicate<VoiceState> touched) {
        return chains.run(
                guild,
                Mono.defer(() -> roster.refresh(guild))
                        .flatMapMany(known -> Flux.fromIterable(known.states()))
                        .filter(touched)
                        .concatMap(this::lookAt)
                        .then()
                        .doFinally(signal -> loop.schedule(() -> roster.forgetIfEmpty(guild))));
    }

    private Mono<Void> lookAt(VoiceState state) {
        return guilds.settled(state.guild(), state.channel(), state.user())
                .publishOn(loop)
                .flatMap(view -> compare(state, view));
    }

    private Mono<Void> compare(VoiceState state, Admission view) {
        boolean theirs =
                view.currentSessionId().isEmpty() || view.currentSessionId().equals(state.sessionId());
        if (view.currentChannel() == 0 || !theirs) {
            return signaling.forget(state);
        }
        if (view.currentChannel() != state.channel()) {
            return signaling.follow(state, state.movedTo(view.currentChannel()));
        }
        return view.verdict() == Verdict.NO_SUCH_CHANNEL ? signaling.depart(state) : Mono.empty();
    }
}
