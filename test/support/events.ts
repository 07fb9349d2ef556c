/** The objects of a server-sent event stream that has ended; `[DONE]` stands as that text. */
export async function readEvents(response: Response): Promise<readonly unknown[]> {
  const text = await response.text();
  return text
    .split('\n\n')
    .filter((event) => event !== '')
    .map((event) => {
      const data = event.replace(/^data: /, '');
      return data === '[DONE]' ? data : (JSON.parse(data) as unknown);
    });
}
