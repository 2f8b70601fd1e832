package dev.guildcast.system.simulation;

import com.google.protobuf.ByteString;
import dev.guildcast.event.v1.ChannelGone;
import dev.guildcast.event.v1.ChannelUpsert;
import dev.guildcast.event.v1.DocumentEnd;
import dev.guildcast.event.v1.DocumentPart;
import dev.guildcast.event.v1.Field;
import dev.guildcast.event.v1.GuildRecord;
import dev.guildcast.event.v1.GuildUpsert;
import dev.guildcast.event.v1.MemberGone;
import dev.guildcast.event.v1.MemberUpsert;
import dev.guildcast.event.v1.Mutation;
import dev.guildcast.event.v1.Overwrite;
import dev.guildcast.event.v1.RoleGone;
import dev.guildcast.event.v1.RoleUpsert;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The authoritative state of one guild at its backend, and the mutations that publish it.
final class BackendGuild {
    String name = "guild0";
    final TreeMap<Long, Long> roles = new TreeMap<>();
    final TreeMap<Long, List<Overwrite>> channels = new TreeMap<>();
    final TreeMap<Long, String> channelNames = new TreeMap<>();
    final TreeMap<Long, TreeSet<Long>> members = new TreeMap<>();
    final TreeMap<Long, String> nicks = new TreeMap<>();
    boolean dirty;

    static Field field(String name, String text) {
        return Field.newBuilder()
                .setName(name)
                .setJson(ByteString.copyFromUtf8("\"" + text + "\""))
                .build();
    }

    Mutation role(long role) {
        return Mutation.newBuilder()
                .setRole(RoleUpsert.newBuilder()
                        .setId(role)
                        .setPermissions(roles.getOrDefault(role, 0L))
                        .addFields(field("name", "r" + role)))
                .build();
    }

    Mutation channel(long channel) {
        return Mutation.newBuilder()
                .setChannel(ChannelUpsert.newBuilder()
                        .setId(channel)
                        .setHasOverwrites(true)
                        .addAllOverwrites(channels.getOrDefault(channel, List.of()))
                        .addFields(field("name", channelNames.getOrDefault(channel, ""))))
                .build();
    }

    Mutation member(long user) {
        return Mutation.newBuilder()
                .setMember(MemberUpsert.newBuilder()
                        .setUserId(user)
                        .setHasRoles(true)
                        .addAllRoles(members.getOrDefault(user, new TreeSet<>()))
                        .setHasTimedOut(true)
                        .setHasNick(true)
                        .setUsername("u" + user)
                        .addFields(Field.newBuilder()
                                .setName("user")
                                .setJson(ByteString.copyFromUtf8(
                                        "{\"id\":\"" + user + "\",\"username\":\"u" + user + "\"}")))
                        .addFields(field("nick", nicks.getOrDefault(user, ""))))
                .build();
    }

    static Mutation memberRemoval(long user) {
        return Mutation.newBuilder()
                .setMemberGone(MemberGone.newBuilder().setUserId(user))
                .build();
    }

    static Mutation channelRemoval(long channel) {
        return Mutation.newBuilder()
                .setChannelGone(ChannelGone.newBuilder().setId(channel))
                .build();
    }

    static Mutation roleRemoval(long role) {
        return Mutation.newBuilder()
                .setRoleGone(RoleGone.newBuilder().setId(role))
                .build();
    }

    /// A snapshot of the guild: its parts, and as the last record its end.
    ///
    /// @param order shuffles the entities; null keeps their order
    List<GuildRecord> snapshot(long id, String version, @Nullable Random order) {
        var mutations = new ArrayList<Mutation>();
        roles.keySet().forEach(role -> mutations.add(role(role)));
        channels.keySet().forEach(channel -> mutations.add(channel(channel)));
        members.keySet().forEach(user -> mutations.add(member(user)));
        if (order != null) {
            Collections.shuffle(mutations, order);
        }
        mutations.addFirst(Mutation.newBuilder()
                .setGuild(GuildUpsert.newBuilder().setOwnerId(999).addFields(field("name", name)))
                .build());
        var records = new ArrayList<GuildRecord>();
        for (int i = 0; i < mutations.size(); i += 3) {
            records.add(GuildRecord.newBuilder()
                    .setDocumentPart(DocumentPart.newBuilder()
                            .setGuildId(id)
                            .setVersion(version)
                            .addAllMutations(mutations.subList(i, Math.min(i + 3, mutations.size()))))
                    .build());
        }
        records.add(GuildRecord.newBuilder()
                .setDocumentEnd(DocumentEnd.newBuilder().setGuildId(id).setVersion(version))
                .build());
        return records;
    }
}
