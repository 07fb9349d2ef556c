"""Drives the realtime client of the openai package by lines of JSON: commands come in, events go out."""

import asyncio
import json
import sys

from openai import AsyncAzureOpenAI, AsyncOpenAI


def make_client(kind, url, key):
    if kind == "azure":
        return AsyncAzureOpenAI(azure_endpoint=url, api_key=key, api_version="2025-04-01-preview")
    return AsyncOpenAI(base_url=f"{url}/v1", api_key=key)


def tell(line):
    print(json.dumps(line), flush=True)


async def serve(client, number, opening, commands):
    try:
        async with client.realtime.connect(**opening) as connection:
            hearing = asyncio.create_task(hear(number, connection))
            while (event := await commands.get()) is not None:
                await connection.send(event)
            await connection.close()
            await hearing
        tell({"id": number, "end": "closed"})
    except Exception as error:
        tell({"id": number, "end": repr(error)})


async def hear(number, connection):
    async for event in connection:
        tell({"id": number, "event": event.to_dict()})


async def main(kind, url, key):
    client = make_client(kind, url, key)
    sessions = {}
    reader = asyncio.StreamReader(limit=2**26)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    async with asyncio.TaskGroup() as tasks:
        async for line in reader:
            command = json.loads(line)
            number = command["id"]
            if "open" in command:
                sessions[number] = asyncio.Queue()
                tasks.create_task(serve(client, number, command["open"], sessions[number]))
            else:
                sessions[number].put_nowait(command["event"])


asyncio.run(main(*sys.argv[1:]))
