// Where the API key is kept: in the tab's session storage, and nowhere else.
const NAME = 'gcsmttr:api-key';

export const readKey = () => sessionStorage.getItem(NAME) ?? '';
export const rememberKey = key => sessionStorage.setItem(NAME, key);
export const forgetKey = () => sessionStorage.removeItem(NAME);
