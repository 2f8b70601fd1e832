package dev.guildcast.fanout.view;

import dev.guildcast.event.v1.GuildCore;
import dev.guildcast.event.v1.GuildStateEntity;
import dev.guildcast.event.v1.GuildUpsert;
import org.jspecify.annotations.Nullable;

/// A guild's entities as a checkpoint holds them, and back.
public final class GuildEntities {
    private GuildEntities() {}

    /// The entity as it is now; null if it is gone.
    public static @Nullable GuildStateEntity encode(GuildView view, EntityKey key) {
        var out = GuildStateEntity.newBuilder();
        switch (key.kind()) {
            case GUILD ->
                out.setGuild(GuildCore.newBuilder()
                        .setGuild(GuildUpsert.newBuilder()
                                .addAllFields(view.fields().toRecord())
                                .setOwnerId(view.ownerId())));
            case MARKS -> out.setMarks(view.status().toState());
            case ROLE -> {
                Role role = view.roles().get(key.id());
                return role == null ? null : out.setRole(role.toState()).build();
            }
            case CHANNEL -> {
                Channel channel = view.channel(key.id());
                return channel == null
                        ? null
                        : out.setChannel(channel.toState()).build();
            }
            case MEMBER -> {
                Member member = view.member(key.id());
                return member == null ? null : out.setMember(member.toState()).build();
            }
            case VOICE_STATE -> {
                VoiceState state = view.voiceStates().get(key.id());
                return state == null ? null : out.setVoiceState(state.toState()).build();
            }
            case LIST -> {
                GuildList list = view.lists().get(key.name());
                return list == null ? null : out.setList(list.toState()).build();
            }
            case SUBSCRIPTION, PUBLISHER -> throw new IllegalArgumentException(key.kind() + " is no part of a guild");
        }
        return out.build();
    }

    /// Puts an entity of a checkpoint into a view.
    ///
    /// @throws IllegalArgumentException if it is no entity of a guild
    public static void restore(GuildView view, GuildStateEntity entity) {
        switch (entity.getEntityCase()) {
            case GUILD -> {
                GuildUpsert guild = entity.getGuild().getGuild();
                view.restore(Fields.of(guild.getFieldsList()), guild.getOwnerId());
            }
            case MARKS -> view.status().restore(entity.getMarks());
            case ROLE ->
                view.set(Role.of(
                        entity.getRole().getRole(), null, entity.getRole().getNamed()));
            case CHANNEL -> view.set(Channel.of(entity.getChannel()));
            case MEMBER -> {
                Member member = Member.of(
                        entity.getMember().getMember(), null, entity.getMember().getNamed());
                view.set(member.with(view.intern(member.roles())));
            }
            case VOICE_STATE ->
                view.set(VoiceState.of(
                        entity.getVoiceState().getVoiceState(),
                        entity.getVoiceState().getNamed()));
            case LIST -> view.set(GuildList.of(entity.getList()));
            case SUBSCRIPTION, PUBLISHER, ENTITY_NOT_SET ->
                throw new IllegalArgumentException("checkpoint entity " + entity.getEntityCase());
        }
    }
}
