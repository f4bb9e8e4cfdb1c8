"""Reads a capture file with dpkt, which knows nothing of us, and prints as JSON what it found."""
import json
import sys

import dpkt

found = {"link": 0, "questions": [], "answers": {}, "names": [], "requests": [], "times": [], "ports": []}
with open(sys.argv[1], "rb") as file:
    reader = dpkt.pcap.Reader(file)
    link = found["link"] = reader.datalink()
    streams = {}
    for time, bytes_ in reader:
        found["times"].append(time)
        if link == 1:
            packet = dpkt.ethernet.Ethernet(bytes_).data
        elif link == 113:
            packet = dpkt.sll.SLL(bytes_).data
        else:
            packet = dpkt.sll2.SLL2(bytes_).data
        inner = packet.data
        if isinstance(inner, dpkt.udp.UDP):
            message = dpkt.dns.DNS(inner.data)
            if message.qr == dpkt.dns.DNS_Q:
                found["questions"].append(message.qd[0].name)
            else:
                found["answers"][message.an[0].name] = ".".join(str(byte) for byte in message.an[0].ip)
        elif inner.data:
            flow = (packet.src.hex(), inner.sport, packet.dst.hex(), inner.dport)
            pieces = streams.setdefault(flow, {})
            pieces[inner.seq] = inner.data
    for (_, _, _, port), pieces in streams.items():
        data = b"".join(pieces[number] for number in sorted(pieces))
        if port in (80, 8080):
            request = dpkt.http.Request(data)
            found["requests"].append(
                {"host": request.headers["host"], "uri": request.uri, "body": request.body.decode(), "port": port}
            )
        elif port in (443, 8443):
            records, used = dpkt.ssl.tls_multi_factory(data)
            assert used == len(data), "bytes after the last record"
            hello = dpkt.ssl.TLSHandshake(records[0].data).data
            named = [body for kind, body in hello.extensions if kind == 0]
            found["names"] += [body[5:].decode() for body in named]
            found["ports"].append(port)
            assert all(record.type != 23 or len(record.data) > 17 for record in records)
json.dump(found, sys.stdout)
