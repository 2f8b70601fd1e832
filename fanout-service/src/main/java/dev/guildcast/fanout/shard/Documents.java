package dev.guildcast.fanout.shard;

import dev.guildcast.event.v1.ChannelGone;
import dev.guildcast.event.v1.DocumentEnd;
import dev.guildcast.event.v1.DocumentPart;
import dev.guildcast.event.v1.MemberGone;
import dev.guildcast.event.v1.Mutation;
import dev.guildcast.event.v1.RoleGone;
import dev.guildcast.event.v1.VoiceStateUpsert;
import dev.guildcast.fanout.event.Channel;
import dev.guildcast.fanout.event.GuildList;
import dev.guildcast.fanout.event.GuildView;
import dev.guildcast.fanout.event.Member;
import dev.guildcast.fanout.event.Refused;
import dev.guildcast.fanout.event.Role;
import dev.guildcast.fanout.event.VoiceState;
import dev.guildcast.shard.Outputs;
import java.util.ArrayList;
import java.util.List;

/// Takes a whole guild part by part: what differs from the view is told as by the entity's own event, and the end
/// removes what neither the document nor a record since its first part named.
final class Documents {
    private final GuildView view;
    private final GuildChanges changes;
    private final DerivedEvents teller;
    private final Outputs out;

    Documents(GuildState guild, GuildChanges changes, DerivedEvents teller, Outputs out) {
        this.view = guild.view();
        this.changes = changes;
        this.teller = teller;
        this.out = out;
    }

    /// A piece that cannot be applied goes to the dead letters by itself.
    void part(DocumentPart part) {
        view.marks().openDocument(part.getVersion());
        view.marks().nextVersion();
        for (Mutation mutation : part.getMutationsList()) {
            try {
                changes.apply(mutation, teller);
            } catch (Refused refused) {
                out.deadLetter("document part: " + refused.getMessage());
            }
        }
        teller.flush();
    }

    void end(DocumentEnd end) {
        if (end.getVersion().isEmpty() || !end.getVersion().equals(view.marks().documentVersion())) {
            return; // A later document has begun, or this one ended before.
        }
        view.marks().nextVersion();
        int generation = view.marks().generation();
        for (Mutation removal : removals(generation)) {
            changes.apply(removal, teller);
        }
        for (GuildList list : List.copyOf(view.lists().values())) {
            if (list.named() != generation && !list.items().isEmpty()) {
                view.clearList(list.name());
                teller.listChanged(list.name(), list);
            }
        }
        view.marks().closeDocument();
    }

    private List<Mutation> removals(int generation) {
        var removals = new ArrayList<Mutation>();
        for (VoiceState state : view.voiceStates().values()) {
            if (state.named() != generation) {
                removals.add(Mutation.newBuilder()
                        .setVoiceState(VoiceStateUpsert.newBuilder()
                                .setUserId(state.userId())
                                .setSessionId(state.sessionId())
                                .addAllFields(state.fields().toRecord()))
                        .build());
            }
        }
        for (Member member : view.members().values()) {
            if (member.named() != generation) {
                removals.add(Mutation.newBuilder()
                        .setMemberGone(MemberGone.newBuilder().setUserId(member.userId()))
                        .build());
            }
        }
        var channels = new ArrayList<Mutation>();
        for (Channel channel : view.channels().values()) {
            if (channel.named() != generation) {
                Mutation gone = Mutation.newBuilder()
                        .setChannelGone(ChannelGone.newBuilder().setId(channel.id()))
                        .build();
                if (channel.thread()) {
                    removals.add(gone); // Before the channel they are in.
                } else {
                    channels.add(gone);
                }
            }
        }
        removals.addAll(channels);
        for (Role role : view.roles().values()) {
            if (role.named() != generation && role.id() != view.id()) {
                removals.add(Mutation.newBuilder()
                        .setRoleGone(RoleGone.newBuilder().setId(role.id()))
                        .build());
            }
        }
        return removals;
    }
}
