package dev.guildcast.fanout.change;

import dev.guildcast.event.v1.ChannelGone;
import dev.guildcast.event.v1.DocumentEnd;
import dev.guildcast.event.v1.DocumentPart;
import dev.guildcast.event.v1.MemberGone;
import dev.guildcast.event.v1.Mutation;
import dev.guildcast.event.v1.RoleGone;
import dev.guildcast.event.v1.VoiceStateUpsert;
import dev.guildcast.fanout.view.Channel;
import dev.guildcast.fanout.view.GuildList;
import dev.guildcast.fanout.view.GuildView;
import dev.guildcast.fanout.view.Member;
import dev.guildcast.fanout.view.RecordRejectedException;
import dev.guildcast.fanout.view.Role;
import dev.guildcast.fanout.view.VoiceState;
import dev.guildcast.shard.Outputs;
import java.util.ArrayList;
import java.util.List;

/// Applies a guild snapshot part by part. What differs from the view is emitted as the entity's own event; the end
/// removes every entity that neither the snapshot nor a record since its first part named.
public final class GuildSnapshotApplier {
    private final GuildView view;
    private final GuildMutationApplier mutations;
    private final SnapshotChangeEmitter emitter;
    private final Outputs out;

    public GuildSnapshotApplier(
            GuildContext guild, GuildMutationApplier mutations, SnapshotChangeEmitter emitter, Outputs out) {
        this.view = guild.view();
        this.mutations = mutations;
        this.emitter = emitter;
        this.out = out;
    }

    /// A mutation that cannot be applied goes to the dead letters; the rest of the part is applied.
    public void applyPart(DocumentPart part) {
        view.status().openDocument(part.getVersion());
        view.status().nextVersion();
        for (Mutation mutation : part.getMutationsList()) {
            try {
                mutations.apply(mutation, emitter);
            } catch (RecordRejectedException refused) {
                out.deadLetter("document part: " + refused.getMessage());
            }
        }
        emitter.flushJoined();
    }

    public void applyEnd(DocumentEnd end) {
        if (end.getVersion().isEmpty() || !end.getVersion().equals(view.status().documentVersion())) {
            // What it lacks is not removed: a later snapshot has begun, or this one has already ended.
            out.deadLetter("end of a guild snapshot that has ended, or that another has replaced");
            return;
        }
        view.status().nextVersion();
        int generation = view.status().generation();
        for (Mutation removal : removals(generation)) {
            mutations.apply(removal, emitter);
        }
        for (GuildList list : List.copyOf(view.lists().values())) {
            if (list.generation() != generation && !list.items().isEmpty()) {
                view.clearList(list.name());
                emitter.listChanged(list.name(), list);
            }
        }
        view.status().closeDocument();
    }

    private List<Mutation> removals(int generation) {
        var removals = new ArrayList<Mutation>();
        for (VoiceState state : view.voiceStates().values()) {
            if (state.generation() != generation) {
                removals.add(Mutation.newBuilder()
                        .setVoiceState(VoiceStateUpsert.newBuilder()
                                .setUserId(state.userId())
                                .setSessionId(state.sessionId())
                                .addAllFields(state.fields().toRecord()))
                        .build());
            }
        }
        for (Member member : view.members().values()) {
            if (member.generation() != generation) {
                removals.add(Mutation.newBuilder()
                        .setMemberGone(MemberGone.newBuilder().setUserId(member.userId()))
                        .build());
            }
        }
        var channels = new ArrayList<Mutation>();
        for (Channel channel : view.channels().values()) {
            if (channel.generation() != generation) {
                Mutation gone = Mutation.newBuilder()
                        .setChannelGone(ChannelGone.newBuilder().setId(channel.id()))
                        .build();
                if (channel.thread()) {
                    removals.add(gone); // Threads are removed before their parent channel.
                } else {
                    channels.add(gone);
                }
            }
        }
        removals.addAll(channels);
        for (Role role : view.roles().values()) {
            if (role.generation() != generation && role.id() != view.id()) {
                removals.add(Mutation.newBuilder()
                        .setRoleGone(RoleGone.newBuilder().setId(role.id()))
                        .build());
            }
        }
        return removals;
    }
}
